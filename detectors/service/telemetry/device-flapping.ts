/** The detector of devices that come and go. */
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { figure, utc } from '../../controls/texts.ts';
import { flappingAt } from './flapping.ts';

const columns = { device: 'text', node: 'text', site: 'text', times: 'numbers', complete_to: 'instant' } as const;

const limits: readonly Limit[] = [
  {
    name: 'changes',
    default: 6,
    unit: 'changes',
    min: 3,
    max: 100,
    description: 'Changes within the time from which on a device flaps',
    learns: 'up',
  },
  {
    name: 'release',
    default: 2,
    unit: 'changes',
    min: 0,
    max: 99,
    description: 'Changes within the time from which down it no longer does',
  },
  { name: 'minutes', default: 60, unit: 'minutes', min: 5, max: 360, description: 'The time within which changes are counted' },
];

function judge(row: RowOf<typeof columns>, { limit, tenant }: Evaluation): Judgement {
  const { device, node, site, times, complete_to: completeTo } = row;
  const withinMs = limit('minutes') * 60_000;
  const { flaps, since, changes } = flappingAt(times, completeTo, { changes: limit('changes'), release: limit('release'), withinMs });
  const start: Judgement = {
    ...calm({ ont: device }, { from: completeTo - withinMs, to: completeTo }),
    observed: changes,
    upper: limit('changes'),
    unit: 'changes',
    statistic: changes,
  };
  if (!flaps) return start;
  const began = times.find((at) => at > since - withinMs) ?? since;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 1e-6,
    note: 'no amount: a line that comes and goes',
    title: `${device} comes and goes`,
    summary: `${device}${node === '' ? '' : ` behind ${node}`}${site === '' ? '' : ` at ${site}`} changed between up and down ${figure(changes)} times within ${limit('minutes')} minutes, since ${utc(began)}.`,
    beganAt: began,
    behind: { type: 'ont', elements: [device], at: began },
    evidence: {
      query: 'telemetry-evidence',
      params: {
        tenant,
        devices: [device],
        metrics: ['ont_up', 'online', 'device_up'],
        since: new Date(began).toISOString(),
        to: new Date(completeTo).toISOString(),
      },
    },
  };
}

/**
 * Flapping devices.
 * @example deviceFlapping.scope // ['ont']
 */
export const deviceFlapping = define({
  identity: 'device_flapping',
  title: 'A device comes and goes',
  kind: 'service',
  rater: 'tangibles',
  metric: 'changes',
  trigger: 'minute',
  windowMs: 0,
  needs: {
    legs: [],
    tables: ['measurements'],
    data: 'the status of devices (a metric of `service.statusMetrics`: 1 up, 0 down)',
  },
  query: 'telemetry-changes',
  columns,
  lookbackMs: 24 * 3_600_000,
  limits,
  scope: ['ont'],
  holdMs: 3_600_000,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'A device goes down and comes back again and again: a bad power supply, a loose connector, a firmware that crashes, a laser at its limit.',
    formula:
      'Changes between up and down in the trailing time, counted at each change over the last 24 hours: it begins when they reach the limit and ends when they have fallen to the release. Devices with fewer than three changes in 24 hours are not looked at.',
    proof: 'Run the SQL of the finding: each change with its reason.',
    recovery: 'Many of one PON at once: see `pon_outage` and `optical_degradation`. One alone: power, connector, then swap the device.',
  },
});
