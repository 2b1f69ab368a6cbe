/** Light that fades at many devices of one PON: together they speak sooner than each alone. */
import { median } from 'simple-statistics';
import { calm, define, type Evaluation, type Judgement, type Limit } from '../../../core/definition.ts';
import { counted, figure, percent, utc } from '../../controls/texts.ts';
import { type PowerRow, powerColumns, quartiles } from './optical-degradation.ts';

/** Usual deviation that a level is taken to have at least, dB: readings are rounded. */
const leastDeviation = 0.05;

export interface PonFade {
  /** Devices whose light has fallen. */
  readonly fallen: readonly string[];
  /** Median of their fall, dB. */
  readonly fall: number;
  /** Median of when their light began to fall, ms. */
  readonly beganAt: number;
}

/**
 * The devices whose latest reading lies below their own past by the limit in decibels and in their usual deviations. One such reading is chance; those
 * of many devices of one PON are not.
 * @param rows devices of one PON with a past
 * @example ponFadeOf([{ device: 'a', level: -20, spread: 0.2, times: [0, 60], values: [-20.5, -21] }], { decibels: 0.7, sigmas: 4 }).fall // 1
 */
export function ponFadeOf(
  rows: readonly Pick<PowerRow, 'device' | 'level' | 'spread' | 'times' | 'values'>[],
  { decibels, sigmas }: { readonly decibels: number; readonly sigmas: number },
): PonFade {
  const fallen = rows.flatMap(({ device, level, spread, times, values }) => {
    const needed = Math.max(decibels, sigmas * Math.max(leastDeviation, spread / quartiles));
    const fall = level - (values.at(-1) ?? Number.NaN);
    if (!(fall >= needed)) return [];
    // Back to the last reading at which it stood where it used to.
    const well = values.findLastIndex((value) => level - value < needed / 2);
    return [{ device, fall, beganAt: times[well + 1] ?? times.at(-1)! }];
  });
  return {
    fallen: fallen.map(({ device }) => device),
    fall: fallen.length === 0 ? 0 : Math.round(median(fallen.map(({ fall }) => fall)) * 1000) / 1000,
    beganAt: fallen.length === 0 ? Number.NaN : median(fallen.map(({ beganAt }) => beganAt)),
  };
}

const limits: readonly Limit[] = [
  {
    name: 'decibels',
    default: 0.7,
    unit: 'dB',
    min: 0.3,
    max: 10,
    description: 'Smallest fall below the own past with which a device counts',
    learns: 'up',
  },
  {
    name: 'sigmas',
    default: 4,
    unit: 'deviations',
    min: 2,
    max: 30,
    description: 'The fall in usual deviations of the device that it must reach too',
  },
  { name: 'onts', default: 4, unit: 'ONTs', min: 3, max: 64, description: 'Fewest devices of the PON that have fallen', learns: 'up' },
  { name: 'share', default: 0.25, unit: 'ratio', min: 0.05, max: 1, description: 'Least share of the devices of the PON' },
  { name: 'readings', default: 24, unit: 'readings', min: 6, max: 1000, description: 'Readings of the past before a device is judged' },
];

function judge(rows: readonly PowerRow[], evaluation: Evaluation): readonly Judgement[] {
  const pons = new Map<string, PowerRow[]>();
  for (const row of rows)
    if (row.pon !== '') pons.set(`${row.pon}\n${row.metric}`, [...(pons.get(`${row.pon}\n${row.metric}`) ?? []), row]);
  return [...pons.values()].map((own) => judgePon(own, evaluation));
}

function judgePon(rows: readonly PowerRow[], { limit, instant, tenant }: Evaluation): Judgement {
  const { pon, metric, node, site } = rows[0]!;
  const known = rows.filter(({ past }) => past >= limit('readings'));
  const newest = Math.max(0, ...rows.map(({ times }) => times.at(-1) ?? 0)) || instant;
  const start: Judgement = { ...calm({ pon, metric }, { from: newest - 1_800_000, to: newest }), unit: 'ONTs', expected: 0 };
  if (known.length < limit('onts'))
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs ${limit('onts')} devices of the PON with a past, has ${known.length}`,
    };
  const { fallen, fall, beganAt } = ponFadeOf(known, { decibels: limit('decibels'), sigmas: limit('sigmas') });
  const needed = Math.max(limit('onts'), Math.ceil(limit('share') * known.length));
  const figures: Judgement = { ...start, observed: fallen.length, upper: needed, statistic: fall };
  // Between half of them and all what stood before stands.
  if (fallen.length < needed) return fallen.length >= needed / 2 ? { ...figures, state: 'waiting', note: 'between the limits' } : figures;
  return {
    ...figures,
    window: { from: Math.min(beganAt, newest), to: newest },
    state: 'violation',
    direction: 'up',
    p: 1e-9,
    note: 'no amount: a level of light',
    title: `${pon}: ${counted(fallen.length, 'ONT')} with less light`,
    summary: `${counted(fallen.length, 'ONT')} of ${known.length} behind ${pon}${node === '' ? '' : ` of ${node}`}${site === '' ? '' : ` at ${site}`} (${percent(fallen.length / known.length, 2)}) get less light than they used to, ${figure(fall)} dB in the middle, since about ${utc(beganAt)}.`,
    beganAt,
    behind: { type: 'ont', elements: fallen, at: beganAt },
    evidence: {
      query: 'telemetry-evidence',
      params: {
        tenant,
        devices: fallen.slice(0, 100),
        metrics: [metric],
        since: new Date(beganAt - 6 * 3_600_000).toISOString(),
        to: new Date(instant).toISOString(),
      },
    },
  };
}

/**
 * A PON whose light fades.
 * @example ponDegradation.scope // ['pon', 'metric']
 */
export const ponDegradation = define({
  identity: 'pon_degradation',
  title: 'The light of a PON fades',
  kind: 'service',
  rater: 'tangibles',
  metric: 'onts_faded',
  trigger: 'minute',
  everyMs: 5 * 60_000,
  windowMs: 0,
  needs: {
    legs: [],
    tables: ['measurements'],
    data: 'optical levels of four devices of a PON (a metric of `service.powerMetrics`) of a day or more',
  },
  query: 'telemetry-power',
  columns: powerColumns,
  lookbackMs: 7 * 86_400_000,
  limits,
  scope: ['pon', 'metric'],
  holdMs: 0,
  store: 'marked',
  evaluate: judge,
  documentation: {
    meaning:
      'Many devices of one PON get less light than they used to: the feeder is bent, a splitter or a connector before it is wet, the laser of the port fails. One finding for the tree, long before any device goes down.',
    formula:
      'Past of each device: median and interquartile range of its readings of seven days that are older than six hours. A device has fallen when its latest reading lies below the median by the limit in decibels and by so many usual deviations (interquartile range / 1.349, 0.05 dB at least). Violation when the limits of devices and of their share are reached; it clears below half of them. Judged every five minutes. The PON of an ONT is its parent in the topology; where that knows no ONTs, its name up to the last slash.',
    proof: 'Run the SQL of the finding: the readings of the devices.',
    recovery:
      'All devices: the port, the feeder, the first splitter. Some of them: the splitter that they share. `npx weir topology PON` shows what stands behind.',
  },
});
