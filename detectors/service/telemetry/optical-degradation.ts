/** Light that fades: the optical level of a device against its own past. */
import { median } from 'simple-statistics';
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import type { RowOf } from '../../../core/row.ts';
import { figure } from '../../controls/texts.ts';

/** Columns of `sql/queries/telemetry-power.sql`. */
export const powerColumns = {
  device: 'text',
  metric: 'text',
  node: 'text',
  site: 'text',
  pon: 'text',
  past: 'number',
  level: 'number',
  spread: 'number',
  times: 'numbers',
  values: 'numbers',
} as const;

export type PowerRow = RowOf<typeof powerColumns>;

/** Interquartile range of a normal distribution in standard deviations. */
export const quartiles = 1.349;
/** Latest readings whose median is judged: one bad reading is none. */
const recent = 3;

export interface Fade {
  /** Decibels below the own past. */
  readonly fall: number;
  readonly now: number;
  /** Decibels from which on it is a fade. */
  readonly needed: number;
  /** Below the lowest level at which the receiver works. */
  readonly dark: boolean;
}

/**
 * How far the latest readings lie below the past. Undefined where there are fewer than three.
 * @param past level = median, spread = interquartile range
 * @example fadeOf({ level: -20, spread: 0.2 }, [-23, -23.1, -22.9], { decibels: 2, sigmas: 6, lowest: -27 })?.fall // 3
 */
export function fadeOf(
  { level, spread }: { readonly level: number; readonly spread: number },
  latest: readonly number[],
  { decibels, sigmas, lowest }: { readonly decibels: number; readonly sigmas: number; readonly lowest: number },
): Fade | undefined {
  if (latest.length < recent) return undefined;
  const now = median(latest.slice(-recent));
  return {
    fall: Math.round((level - now) * 1000) / 1000,
    now,
    needed: Math.max(decibels, (sigmas * spread) / quartiles),
    dark: now <= lowest,
  };
}

const limits: readonly Limit[] = [
  {
    name: 'decibels',
    default: 2,
    unit: 'dB',
    min: 0.5,
    max: 10,
    description: 'Smallest fall below the own past that counts',
    learns: 'up',
  },
  {
    name: 'sigmas',
    default: 6,
    unit: 'deviations',
    min: 3,
    max: 30,
    description: 'The fall in usual deviations of the device that it must reach too',
  },
  {
    name: 'lowest',
    default: -27,
    unit: 'dBm',
    min: -40,
    max: 0,
    description: 'At or below this level half the fall counts: the receiver is about to fail',
  },
  { name: 'readings', default: 24, unit: 'readings', min: 6, max: 1000, description: 'Readings of the past before a device is judged' },
];

function judge(row: PowerRow, { limit, instant, tenant }: Evaluation): Judgement {
  const { device, metric, node, site, past, level, times, values } = row;
  const [first = instant, last = instant] = [times[0], times.at(-1)];
  const start: Judgement = { ...calm({ ont: device, metric }, { from: first, to: Math.max(first, last) }), unit: 'dBm' };
  if (past < limit('readings'))
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('readings')} readings of the past, has ${past}` };
  const fade = fadeOf(row, values, { decibels: limit('decibels'), sigmas: limit('sigmas'), lowest: limit('lowest') });
  if (!fade) return { ...start, state: 'waiting', note: 'fewer than three readings lately' };
  const { fall, now, needed, dark } = fade;
  const figures: Judgement = { ...start, observed: now, expected: level, lower: level - needed, upper: level + needed, statistic: fall };
  const reached = fall >= needed || (dark && fall >= needed / 2);
  // Between half of it and the whole what stood before stands.
  if (!reached) return fall >= needed / 2 ? { ...figures, state: 'waiting', note: 'between the limits' } : figures;
  const low = values.findIndex((value) => level - value >= needed / 2);
  const beganAt = times[Math.max(0, low)] ?? first;
  return {
    ...figures,
    state: 'violation',
    direction: 'down',
    p: 1e-9,
    note: 'no amount: a level of light',
    title: `${device}: ${figure(fall)} dB less light`,
    summary: `${metric} of ${device}${node === '' ? '' : ` behind ${node}`}${site === '' ? '' : ` at ${site}`} fell by ${figure(fall)} dB from its own ${figure(level)} dBm to ${figure(now)} dBm${dark ? ', where receivers fail' : ''}.`,
    beganAt,
    behind: { type: 'ont', elements: [device], at: beganAt },
    evidence: {
      query: 'telemetry-evidence',
      params: {
        tenant,
        devices: [device],
        metrics: [metric],
        since: new Date(beganAt - 7 * 86_400_000).toISOString(),
        to: new Date(instant).toISOString(),
      },
    },
  };
}

/**
 * Optical degradation.
 * @example opticalDegradation.scope // ['ont', 'metric']
 */
export const opticalDegradation = define({
  identity: 'optical_degradation',
  title: 'A device gets less light',
  kind: 'service',
  rater: 'tangibles',
  metric: 'optical_level',
  trigger: 'minute',
  everyMs: 5 * 60_000,
  windowMs: 0,
  needs: {
    legs: [],
    tables: ['measurements'],
    data: 'optical levels of devices (a metric of `service.powerMetrics`) of a day or more',
  },
  query: 'telemetry-power',
  columns: powerColumns,
  lookbackMs: 7 * 86_400_000,
  limits,
  scope: ['ont', 'metric'],
  holdMs: 0,
  store: 'marked',
  evaluate: (rows, evaluation) => rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'A device receives clearly less light than it used to: a bend, a dirty or wet connector, a failing splitter or laser. What fades at many devices of one PON is told sooner by `pon_degradation`; what fades over weeks is found by `measurement_drift`.',
    formula:
      'Past: median and interquartile range of the readings of seven days that are older than six hours. Now: the median of the latest three. Violation when it lies below the past by the limit in decibels and by so many usual deviations (interquartile range / 1.349); at or below the lowest level half of that is enough. It clears below half of it. Judged every five minutes.',
    proof: 'Run the SQL of the finding: the readings of a week.',
    recovery:
      'If its neighbours faded too, look at the splitter or feeder; else at the drop and the connectors of this customer. `npx weir topology ONT` shows what it hangs behind.',
  },
});
