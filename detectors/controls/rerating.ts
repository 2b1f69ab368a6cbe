/** S14: rating accuracy: what was charged against what the price list says, computed independently. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import type { RowOf } from '../../core/row.ts';
import { newAccount, newRater, type Rater, tariffOfRows } from '../../rating/index.ts';
import { groupedBy } from '../grouped.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

export const reratingColumns = {
  kind: 'text',
  tariff: 'text',
  version: 'text',
  service: 'text',
  zone: 'text',
  prefix: 'text',
  time_band: 'text',
  at: 'instant',
  until: 'instant',
  seconds: 'number',
  octets: 'number',
  events: 'number',
  amount: 'text',
  setup: 'text',
  unit: 'text',
  population: 'number',
  population_charge: 'number',
  customers: 'number',
  record: 'text',
} as const;

type Row = RowOf<typeof reratingColumns>;

const query = 'control-rerating';
const hourMs = 3_600_000;
const needs = 'charged usage that names its tariff, and the retail rates of those tariffs';

export const reratingLimits: readonly Limit[] = [
  {
    name: 'tolerance',
    default: 0.01,
    unit: 'currency',
    min: 0,
    max: 100,
    description:
      'Difference of one record that is rounding where charges are stated in hundredths; finer by as much as they are stated finer',
  },
  { name: 'relative', default: 0.005, unit: 'ratio', min: 0, max: 0.5, description: 'Relative difference of one record that is rounding' },
  {
    name: 'records',
    default: 2,
    unit: 'records',
    min: 1,
    max: 1e6,
    description: 'Wrong records of a tariff, service, zone and hour below which nothing is said',
  },
  {
    name: 'value',
    default: 0.001,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Share of the charges of the tariff, service and zone that may be wrong',
    learns: 'up',
  },
];

/** Whose charges are rated again, and what a difference means. */
export interface Charged {
  readonly query: string;
  readonly evidence: string;
  readonly needs: string;
  readonly under: FindingMoney['class'];
  readonly over: FindingMoney['class'];
  readonly list: string;
}

const retail: Charged = {
  query,
  evidence: 'control-rerating-evidence',
  needs,
  under: 'leakage',
  over: 'over_charge',
  list: 'the price list',
};

/** A tariff name, or why it cannot be rated. */
type Ready = Rater | string;

function raterOf(rows: readonly Row[]): Ready {
  if (rows.some(({ time_band }) => time_band !== '')) return 'prices by time band need a calendar';
  try {
    const rates = rows.map((row) => ({
      tariff: row.tariff,
      version: row.version,
      service: row.service,
      prefix: row.prefix,
      zone: row.zone,
      time_band: row.time_band,
      setup: row.setup,
      per_unit: row.amount,
      unit: row.unit,
      minimum_seconds: row.seconds,
      increment_seconds: row.octets,
      currency: '',
      valid_from: row.at,
      valid_to: row.until,
    }));
    return newRater(tariffOfRows(rates, { decimals: 6, rounding: 'half_up', timeZone: 'UTC' }));
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/**
 * The tariff that a record names with or without its version: the longest name that it begins with, at the end of a word.
 * @example tariffNamed('flex-3', ['flex', 'fl']) // 'flex'
 */
export function tariffNamed(stated: string, names: readonly string[]): string | undefined {
  return names
    .filter((name) => stated === name || (stated.startsWith(name) && /^[^A-Za-z0-9]/.test(stated.slice(name.length))))
    .sort((a, b) => b.length - a.length)[0];
}

const microOf = (amount: string): number => Math.round(Number(amount) * 1e6);

/** Micro-units of a hundredth, the place that prices on an invoice have. */
const hundredth = 10_000;

/**
 * The place to which charges are stated, in micro-units: a hundredth, or as much finer as the finest of them.
 * @example placeOf([230_000, 141_500]) // 100
 */
export function placeOf(charges: readonly number[]): number {
  let place = hundredth;
  while (place > 1 && charges.some((charge) => charge % place !== 0)) place /= 10;
  return place;
}

/** Records of a stratum: charged less what they should have cost, in micro-units, for those that could be rated. */
interface Sample {
  readonly first: Row;
  readonly rated: number;
  /** Records with too little charge and with too much. */
  readonly under: readonly Wrong[];
  readonly over: readonly Wrong[];
  readonly reason: string;
}

interface Wrong {
  readonly row: Row;
  /** Size of the difference, micro-units. */
  readonly by: number;
  readonly right: number;
}

function sampleOf(rows: readonly Row[], raters: ReadonlyMap<string, Ready>, names: readonly string[], { limit }: Evaluation): Sample {
  const first = rows[0]!;
  const name = tariffNamed(first.tariff, names);
  const rater = name === undefined ? 'no rate of its tariff is loaded' : raters.get(name)!;
  const sample = { first, rated: 0, under: [] as Wrong[], over: [] as Wrong[], reason: '' };
  if (typeof rater === 'string') return { ...sample, reason: rater };
  // A cent is much for messages at half a cent each: where charges are stated finer, rounding is finer.
  const tolerance = limit('tolerance') * 1e6 * (placeOf(rows.map(({ amount }) => microOf(amount))) / hundredth);
  for (const row of rows) {
    const rated = rater.rate(
      {
        service: row.service,
        at: row.at,
        number: row.prefix,
        zone: row.zone,
        ms: Math.round(row.seconds * 1000),
        octets: row.octets,
        events: row.events,
      },
      newAccount(),
    );
    if (!rated.ok) {
      sample.reason = rated.reason === 'no_rate' ? 'no rate for its service and zone' : 'no version of its tariff was valid';
      continue;
    }
    sample.rated++;
    const right = Number(rated.gross);
    const difference = microOf(row.amount) - right;
    if (Math.abs(difference) <= Math.max(tolerance, limit('relative') * right)) continue;
    (difference < 0 ? sample.under : sample.over).push({ row, by: Math.abs(difference), right });
  }
  return sample;
}

function judge(sample: Sample, check: 'under' | 'over', charged: Charged, evaluation: Evaluation): Judgement {
  const { leg, window, limit, tenant, currency } = evaluation;
  const { first, rated } = sample;
  const wrong = sample[check];
  const cell = { leg, tariff: first.tariff, service: first.service, zone: first.zone, check, at: new Date(window.from).toISOString() };
  const start: Judgement = {
    ...calm(cell, window),
    unit: 'records',
    observed: wrong.length,
    statistic: rated === 0 ? 0 : wrong.length / rated,
  };
  if (rated === 0) return { ...start, state: 'not_applicable', note: `not applicable, needs ${charged.needs}: ${sample.reason}` };
  const scale = first.population / rated;
  const sum = wrong.reduce((total, { by }) => total + by, 0);
  const squares = wrong.reduce((total, { by }) => total + by * by, 0);
  // Of a sample the sum has a standard error, of all records none.
  const spread = Math.sqrt(Math.max(0, squares - (sum * sum) / rated) * Math.max(0, 1 - 1 / scale));
  const worth = sum * scale;
  const right = first.population_charge + (check === 'under' ? worth : -worth);
  if (wrong.length < limit('records') || worth <= limit('value') * Math.max(right, 1)) return start;
  const interval = wilsonInterval(wrong.length, rated, 1.96);
  const typical = [...wrong].sort((a, b) => a.by - b.by)[wrong.length >> 1]!;
  const where = [first.tariff, first.service, first.zone].filter(Boolean).join(' ');
  const show = (micro: number) => Number((micro / 1e6).toFixed(4));
  return {
    ...start,
    state: 'violation',
    expected: 0,
    lower: interval.lower * rated,
    upper: interval.upper * rated,
    direction: check === 'under' ? 'down' : 'up',
    p: 0,
    money: amountOf(
      {
        micro: worth,
        low: Math.max(sum, worth - 2 * spread * scale),
        high: worth + 2 * spread * scale,
        class: charged[check],
        method: `charges less ${charged.list} of ${counted(wrong.length, 'wrong record')} of ${figure(rated)} rated again, for ${figure(first.population)} of the hour`,
      },
      currency,
    ),
    customers: { count: Math.max(1, Math.round(first.customers * Math.min(1, wrong.length / rated))), segments: {} },
    title: `${where}: ${percent(wrong.length / rated, 2)} of records charged too ${check === 'under' ? 'little' : 'much'}`,
    summary: `Of ${figure(rated)} records of ${where} on ${leg} in the hour from ${utc(window.from)}, rated again by ${charged.list}, ${figure(wrong.length)} were charged too ${check === 'under' ? 'little' : 'much'} (${percent(interval.lower)} to ${percent(interval.upper)} of all). Typical: ${show(microOf(typical.row.amount))} charged, ${show(typical.right)} by the list, for ${figure(typical.row.seconds)} s and ${figure(typical.row.octets)} octets.`,
    beganAt: wrong.reduce((earliest, { row }) => Math.min(earliest, row.at), window.to),
    evidence: {
      query: charged.evidence,
      params: {
        tenant,
        leg,
        tariff: first.tariff,
        service: first.service,
        zone: first.zone,
        records: wrong.slice(0, 50).map(({ row }) => row.record),
        from: new Date(window.from).toISOString(),
        to: new Date(window.to).toISOString(),
      },
    },
    samples: wrong.slice(0, 5).map(({ row }) => row.record),
  };
}

/** Judges charges of a leg against the rates that held, stratum by stratum. */
export function judgeRated(rows: readonly Row[], charged: Charged, evaluation: Evaluation): readonly Judgement[] {
  const rates = groupedBy(
    rows.filter(({ kind }) => kind === 'rate'),
    ({ tariff }) => tariff,
  );
  const raters = new Map([...rates].map(([name, own]) => [name, raterOf(own)]));
  const names = [...raters.keys()];
  const strata = groupedBy(
    rows.filter(({ kind }) => kind === 'usage'),
    ({ tariff, service, zone }) => JSON.stringify([tariff, service, zone]),
  );
  if (strata.size === 0 || names.length === 0) {
    const cell = { leg: evaluation.leg, tariff: '', service: '', zone: '', check: '' };
    return [notApplicable(charged.query, cell, evaluation.window, charged.needs)];
  }
  return [...strata.values()].flatMap((own) => {
    const sample = sampleOf(own, raters, names, evaluation);
    return [judge(sample, 'under', charged, evaluation), judge(sample, 'over', charged, evaluation)];
  });
}

/**
 * S14: a sample of what was charged, rated again by the price list.
 * @example rerating.identity // 'S14'
 */
export const rerating = define({
  identity: 'S14',
  title: 'Rating accuracy',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'rating_error',
  trigger: 'window-close',
  windowMs: hourMs,
  needs: { legs: ['rating', 'ocs', 'billing'], tables: ['usage', 'tariffs'], data: needs },
  query,
  columns: reratingColumns,
  lookbackMs: hourMs,
  limits: reratingLimits,
  scope: ['leg', 'tariff', 'service', 'zone', 'check'],
  holdMs: 24 * hourMs,
  store: 'all',
  evaluate: (rows, evaluation) => judgeRated(rows, retail, evaluation),
  summarise: (judgements) => `${counted(judgements.length, 'hour')} of the last day. Latest: ${judgements.at(-1)!.summary}`,
  documentation: {
    meaning:
      'The rating engine charges something else than the price list says: a wrong increment, a rate of an old version, a missing set-up fee, a rounding that is not the agreed one, a counter that overflows for long calls.',
    formula:
      "Up to 200 records of each tariff, service, zone and hour, chosen by a hash of their id, are rated again by the retail rates that held at their start (minimum, increment, set-up, zone or longest prefix; what a new version does not name is left to the one before; what an allowance made free is left out, tariffs with time bands too). Wrong: |c - c'| > max(`tolerance`, `relative` x c'); the tolerance is for charges in hundredths and shrinks with the place to which those of the stratum are stated. Too little and too much are kept apart. Worth: sum of the differences x records of the hour / records rated, range of two standard errors; share with its Wilson interval. Violation from `records` wrong ones on, when they are worth more than `value` of the right charges. An hour counts for 24 hours.",
    proof:
      'Run the SQL of the finding: the records with their charge, the wrong ones first, and the rates of the price list. Compute one by hand.',
    recovery:
      'Mend the rate or the engine and have the usage rated again: bill what was too little within the limit for billing late, credit what was too much.',
  },
});
