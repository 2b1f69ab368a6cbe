/** Many devices of one node, site or firmware that say nothing any more, while others go on. */
import { calm, type Definition, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { counted, percent, utc } from '../../controls/texts.ts';

const columns = {
  dimension: 'text',
  name: 'text',
  devices: 'number',
  silent_devices: 'number',
  all_devices: 'number',
  all_silent: 'number',
  names: 'texts',
  since: 'number',
  complete_to: 'instant',
} as const;

/** One group of devices, see `sql/queries/telemetry-silence.sql`. */
export type SilenceRow = RowOf<typeof columns>;

export interface SilenceLimits {
  readonly devices: number;
  readonly share: number;
  readonly times: number;
  /** Share of all devices from which on it is the feed. */
  readonly feed: number;
}

const shareOf = (part: number, whole: number): number => (whole <= 0 ? 0 : part / whole);

/**
 * Groups of which too many are silent, the most silent first; of groups whose silent devices are mostly the same only the first. None when
 * nearly everything is silent: then the feed is, which other controls say.
 */
export function silentGroups(rows: readonly SilenceRow[], limits: SilenceLimits): readonly SilenceRow[] {
  const some = rows.filter((row) => {
    const { devices, silent_devices: silent, all_devices: all, all_silent: allSilent } = row;
    if (silent < limits.devices || shareOf(allSilent, all) >= limits.feed) return false;
    const share = shareOf(silent, devices);
    return share >= limits.share && share >= limits.times * shareOf(allSilent - silent, all - devices);
  });
  const sorted = some.sort(
    (a, b) => shareOf(b.silent_devices, b.devices) - shareOf(a.silent_devices, a.devices) || b.silent_devices - a.silent_devices,
  );
  const chosen: { readonly row: SilenceRow; readonly names: ReadonlySet<string> }[] = [];
  for (const row of sorted) {
    const covered = row.names.filter((name) => chosen.some(({ names }) => names.has(name))).length;
    if (row.names.length === 0 || covered < 0.5 * row.names.length) chosen.push({ row, names: new Set(row.names) });
  }
  return chosen.map(({ row }) => row);
}

const limits: readonly Limit[] = [
  { name: 'devices', default: 5, unit: 'devices', min: 2, max: 10_000, description: 'Fewest devices that are silent', learns: 'up' },
  { name: 'share', default: 0.3, unit: 'ratio', min: 0.01, max: 1, description: 'Least share of the devices of the group', learns: 'up' },
  { name: 'times', default: 3, unit: 'times', min: 1.5, max: 100, description: 'So many times the share of the others', learns: 'up' },
  {
    name: 'feed',
    default: 0.8,
    unit: 'ratio',
    min: 0.2,
    max: 1,
    description: 'Share of all devices from which on it is the feed that is silent',
  },
];

function judge(dimension: string, rows: readonly SilenceRow[], { limit, tenant }: Evaluation): readonly Judgement[] {
  const found = new Set(
    silentGroups(rows, { devices: limit('devices'), share: limit('share'), times: limit('times'), feed: limit('feed') }),
  );
  return rows
    .filter((row) => row.dimension === dimension)
    .map((row) => {
      const { name, devices, silent_devices: silent, since, complete_to: completeTo, names } = row;
      const share = shareOf(silent, devices);
      const start: Judgement = {
        ...calm({ [dimension]: name }, { from: Math.min(since, completeTo), to: completeTo }),
        observed: devices - silent,
        expected: devices,
        lower: devices * (1 - limit('share')),
        upper: devices,
        unit: 'devices',
        statistic: share,
      };
      if (!found.has(row)) return start;
      return {
        ...start,
        state: 'violation' as const,
        direction: 'down' as const,
        p: 1e-9,
        note: 'no amount: devices that say nothing',
        title: `${name}: ${counted(silent, 'device')} silent`,
        summary: `${counted(silent, 'device')} of ${devices} of ${dimension} ${name} (${percent(share, 2)}) have said nothing since about ${utc(since)}, while others go on.`,
        beganAt: since,
        behind: { type: 'ont', elements: names, at: since },
        evidence: {
          query: 'telemetry-evidence',
          params: {
            tenant,
            devices: names.slice(0, 100),
            metrics: ['ont_up', 'uptime_seconds'],
            since: new Date(since - 3_600_000).toISOString(),
            to: new Date(completeTo).toISOString(),
          },
        },
      };
    });
}

function silentDevices(dimension: 'node' | 'site' | 'firmware'): Definition {
  return define({
    identity: `silent_devices_${dimension}`,
    title: `Devices of one ${dimension} fall silent`,
    kind: 'service',
    rater: 'tangibles',
    metric: 'devices_heard',
    trigger: 'minute',
    windowMs: 0,
    needs: { legs: [], tables: ['measurements'], data: 'measurements of devices, each heard of at least three times in six hours' },
    query: 'telemetry-silence',
    columns,
    lookbackMs: 6 * 3_600_000,
    limits,
    scope: [dimension],
    holdMs: 0,
    store: 'marked',
    evaluate: (rows, evaluation) => judge(dimension, rows, evaluation),
    documentation: {
      meaning: `Many devices of one ${dimension} report nothing any more while the others go on: they are gone, or what collects from them is.`,
      formula:
        'A device is silent when it has said nothing for three of its usual intervals (90 s at least) while any other did. Violation when the silent ones of the group reach the limits of number and share, and so many times the share of the others. Of groups by node, site and firmware with mostly the same devices only the most silent one speaks. When nearly all are silent it is the feed, which S02 tells.',
      proof: 'Run the SQL of the finding: the last words of the silent devices.',
      recovery: 'Look at the collector and the management network first; when those work, treat it as an outage of the devices.',
    },
  });
}

/** By node, site and firmware. @example silentPopulations.length // 3 */
export const silentPopulations: readonly Definition[] = (['node', 'site', 'firmware'] as const).map(silentDevices);
