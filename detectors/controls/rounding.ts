/** N06: rounding of durations by a partner against what was agreed. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf } from './amount.ts';
import { figure, percent, utc } from './texts.ts';

const columns = {
  partner: 'text',
  calls: 'number',
  seconds: 'number',
  charge: 'money',
  fits: 'numbers',
  minimum: 'numbers',
  agreed: 'text',
  first_at: 'instant',
  hours: 'numbers',
  hour_calls: 'numbers',
  hour_seconds: 'numbers',
  hour_charges: 'numbers',
  hour_fits: 'numbers',
  hour_minimum: 'numbers',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-rounding';
const dayMs = 86_400_000;
const needs = 'calls of a partner with their durations, and its agreed rounding (partners.rounding, e.g. 60/60)';

/** First and following increment in seconds. */
export interface Scheme {
  readonly first: number;
  readonly next: number;
}

/** In the order of the query, coarsest first. */
const schemes: readonly Scheme[] = [
  [60, 60],
  [60, 30],
  [60, 6],
  [60, 1],
  [30, 30],
  [30, 6],
  [30, 1],
  [20, 20],
  [10, 10],
  [6, 6],
  [1, 1],
].map(([first, next]) => ({ first: first!, next: next! }));

const limits: readonly Limit[] = [
  { name: 'calls', default: 50, unit: 'calls', min: 10, max: 1e9, description: 'Calls of a day below which a pattern is not known' },
  {
    name: 'fit',
    default: 0.995,
    unit: 'ratio',
    min: 0.8,
    max: 1,
    description: 'Share of the calls that have to fit a scheme for it to be the pattern',
    learns: 'up',
  },
];

/**
 * A rounding as reference data state it; one number stands for both.
 * @example schemeOf('60/1') // { first: 60, next: 1 }
 */
export function schemeOf(text: string): Scheme | undefined {
  const match = /^\s*(\d{1,4})\s*(?:[/+]\s*(\d{1,4}))?/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const next = Number(match[2] ?? match[1]);
  return first > 0 && next > 0 ? { first, next } : undefined;
}

const textOf = ({ first, next }: Scheme): string => `${first}/${next}`;

/** Calls that are judged together: those of the window, or of its last hours. Charge in micro-units. */
type Calls = Pick<Row, 'calls' | 'seconds' | 'charge' | 'fits' | 'minimum' | 'first_at'>;

/**
 * Hours at the end of the window in which a coarser rounding than agreed holds, as long as it does: it may have begun within the window. Only roundings
 * whose following increment is coarser: that all calls of some hours last a minute may be chance.
 */
function lateHours(row: Row, agreed: Scheme, { limit }: Evaluation): Calls | undefined {
  const many = schemes.length;
  for (let at = 0; at < many; at++) {
    if (schemes[at]!.next <= agreed.next) continue;
    let found: Calls | undefined;
    let all: Calls = { calls: 0, seconds: 0, charge: 0, fits: schemes.map(() => 0), minimum: schemes.map(() => 0), first_at: 0 };
    for (let hour = row.hours.length - 1; hour >= 0; hour--) {
      const of = (list: readonly number[]) => list.slice(hour * many, (hour + 1) * many);
      const [fits, minimum] = [of(row.hour_fits), of(row.hour_minimum)];
      if (fits[at]! < limit('fit') * row.hour_calls[hour]!) break;
      all = {
        calls: all.calls + row.hour_calls[hour]!,
        seconds: all.seconds + row.hour_seconds[hour]!,
        charge: all.charge + row.hour_charges[hour]! * 1e6,
        fits: all.fits.map((sum, each) => sum + fits[each]!),
        minimum: all.minimum.map((sum, each) => sum + minimum[each]!),
        first_at: Math.max(row.first_at, row.hours[hour]! * 1000),
      };
      if (all.calls >= limit('calls')) found = all;
    }
    if (found) return found;
  }
  return undefined;
}

/** The coarsest scheme that fits nearly all calls; none: finer than a second. */
function patternOf(row: Calls, fit: number): { readonly scheme: Scheme; readonly at: number } | undefined {
  const at = row.fits.findIndex((count) => count >= fit * row.calls);
  return at === -1 ? undefined : { scheme: schemes[at]!, at };
}

/**
 * Seconds of a call that a scheme adds beyond another in the mean: half of the difference of the increments that hold.
 * @param minimum calls that last the first increment
 */
function excessOf(used: Scheme, agreed: Scheme, minimum: number, calls: number): number {
  const short = Math.max(0, used.first - agreed.first) / 2;
  const long = Math.max(0, used.next - agreed.next) / 2;
  return minimum * short + (calls - minimum) * long;
}

function judge(whole: Row, evaluation: Evaluation): Judgement {
  const { limit, leg, window, tenant, currency } = evaluation;
  const { partner } = whole;
  const cell = { leg, partner };
  const agreed = schemeOf(whole.agreed);
  const start: Judgement = {
    ...calm(cell, window),
    unit: 'seconds',
    evidence: {
      query: 'control-rounding-evidence',
      params: { tenant, leg, partner, from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
    },
  };
  if (!agreed) return { ...start, state: 'not_applicable', note: `not applicable, needs ${needs}` };
  if (whole.calls < limit('calls')) return { ...start, state: 'waiting', note: `waiting for ${limit('calls')} calls, has ${whole.calls}` };
  const throughout = patternOf(whole, limit('fit'));
  const coarse = throughout && excessOf(throughout.scheme, agreed, whole.minimum[throughout.at]!, whole.calls) > 0;
  const row: Calls = coarse ? whole : (lateHours(whole, agreed, evaluation) ?? whole);
  const pattern = row === whole ? throughout : patternOf(row, limit('fit'));
  const excess = pattern ? excessOf(pattern.scheme, agreed, row.minimum[pattern.at]!, row.calls) : 0;
  const figures: Judgement = {
    ...start,
    observed: row.seconds / row.calls,
    expected: (row.seconds - excess) / row.calls,
    lower: 0,
    upper: (row.seconds - excess) / row.calls,
    statistic: excess / row.calls,
    note: pattern ? `pattern ${textOf(pattern.scheme)}, agreed ${textOf(agreed)}` : 'no pattern: finer than a second',
  };
  if (!pattern || excess === 0) return figures;
  const worth = row.seconds > 0 ? (excess * row.charge) / row.seconds : 0;
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(worth > 0
      ? {
          money: amountOf(
            {
              micro: worth,
              low: worth * 0.8,
              high: worth * 1.2,
              class: 'leakage',
              method: `half of the difference of the increments for each of ${figure(row.calls)} calls x mean charge per second; paid too much to the partner`,
            },
            currency,
          ),
        }
      : {}),
    note: [figures.note, worth > 0 ? '' : 'no amount: the partner states no charge', 'customers are not concerned: the partner charges us']
      .filter(Boolean)
      .join('; '),
    title: `${partner}: rounds calls ${textOf(pattern.scheme)}, agreed is ${textOf(agreed)}`,
    summary: `${percent(row.fits[pattern.at]! / row.calls)} of ${figure(row.calls)} calls that ${partner} states on ${leg} from ${utc(row === whole ? window.from : row.first_at)} to ${utc(window.to)} are rounded ${textOf(pattern.scheme)}; agreed is ${textOf(agreed)}: about ${figure(excess / row.calls)} s too much for each call.`,
    beganAt: row.first_at,
  };
}

/**
 * N06: the increments that fit the durations of a partner, against the agreed ones.
 * @example rounding.identity // 'N06'
 */
export const rounding = define({
  identity: 'N06',
  title: 'Rounding of durations',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'rounding',
  trigger: 'window-close',
  windowMs: dayMs,
  needs: { legs: ['mno_wholesale', 'tap_in', 'nrtrde', 'partner'], tables: ['usage', 'partners'], data: needs },
  query,
  columns,
  lookbackMs: dayMs,
  limits,
  scope: ['leg', 'partner'],
  holdMs: 0,
  store: 'all',
  evaluate: (rows, evaluation) =>
    rows.length === 0
      ? [notApplicable(query, { leg: evaluation.leg, partner: '' }, evaluation.window, needs)]
      : rows.map((row) => judge(row, evaluation)),
  documentation: {
    meaning:
      'A partner charges whole minutes where seconds were agreed, or a higher minimum. Each call is a little too long; over a month it is several percent of the invoice, and no single call looks wrong.',
    formula:
      'The coarsest scheme first/next of 60/60, 60/30, 60/6, 60/1, 30/30, 30/6, 30/1, 20/20, 10/10, 6/6, 1/1 that `fit` of the calls of a day match (duration >= first and (duration - first) divisible by next). Excess: half of the difference of the first increments for calls at the minimum, half of the difference of the following ones for all others, at the mean charge per second; the range is a fifth either way. Where none is coarser in the whole window, the hours at its end that one with a coarser following increment fits throughout: it may have begun within the day. Violation when it is coarser than agreed. With 50 calls a chance pattern of minutes has a probability of 60^-50.',
    proof:
      'Run the SQL of the finding: the durations that the partner states, the most frequent first. Beside them the same calls as the own switch has them (record by record).',
    recovery:
      'Dispute the invoice with the list of calls and the clause of the contract; have the rating of the partner corrected and a credit issued for the past.',
  },
});
