/** S20: clock drift, time zone and counters that cannot be. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  node: 'text',
  other: 'text',
  pairs: 'number',
  pairs_before: 'number',
  offset_seconds: 'number',
  offset_before: 'number',
  charge: 'money',
  moved_charge: 'money',
  records: 'number',
  too_long: 'number',
  beyond_end: 'number',
  ahead: 'number',
  too_fast: 'number',
  wrong_charge: 'money',
  wrong_customers: 'number',
  first_at: 'instant',
  samples: 'texts',
  fell: 'number',
  rolled: 'number',
  lost_octets: 'number',
  fell_customers: 'number',
  fell_at: 'instant',
  fell_samples: 'texts',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-clocks';
const hourMs = 3_600_000;
/** A zone or a change of clocks moves times by a multiple of this, s. */
const quarterSeconds = 900;
/** Offset from such a multiple that the rest of a clock explains, s. */
const nearSeconds = 60;
/** The leg that stands earlier is the one whose nodes are judged: each pair of legs once. */
const order = ['switch', 'aaa', 'mediation', 'ocs', 'rating', 'billing'];

const limits: readonly Limit[] = [
  {
    name: 'drift_seconds',
    default: 2,
    unit: 'seconds',
    min: 0.1,
    max: 3_600,
    description: 'Change of the offset within a day that counts',
    learns: 'up',
  },
  { name: 'pairs', default: 30, unit: 'pairs', min: 5, max: 1e6, description: 'Pairs of records below which an offset is not known' },
  {
    name: 'records',
    default: 3,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Impossible records of a node and hour below which nothing is said',
  },
  {
    name: 'share',
    default: 0.001,
    unit: 'ratio',
    min: 0,
    max: 1,
    description: 'Share of impossible records of a node and hour that is accepted',
  },
];

const comesFirst = (leg: string, other: string): boolean => {
  const [a, b] = [order.indexOf(leg), order.indexOf(other)].map((at) => (at === -1 ? order.length : at)) as [number, number];
  return a < b || (a === b && leg < other);
};

function evidenceOf(node: string, { tenant, leg, window }: Evaluation): Judgement['evidence'] {
  return {
    query: 'control-clocks-evidence',
    params: { tenant, leg, node, from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
  };
}

/**
 * The multiple of a quarter of an hour that an offset is, in seconds; 0 = none.
 * @example zoneOf(3598) // 3600
 */
export function zoneOf(offsetSeconds: number): number {
  const zone = Math.round(offsetSeconds / quarterSeconds) * quarterSeconds;
  return Math.abs(offsetSeconds - zone) <= nearSeconds ? zone + 0 : 0;
}

function offset(row: Row, evaluation: Evaluation): Judgement {
  const { limit, leg, window, currency } = evaluation;
  const start: Judgement = {
    ...calm({ leg, node: row.node, other: row.other, check: 'offset' }, window),
    observed: row.offset_seconds,
    expected: row.offset_before,
    lower: row.offset_before - limit('drift_seconds'),
    upper: row.offset_before + limit('drift_seconds'),
    unit: 'seconds',
    statistic: row.offset_seconds - row.offset_before,
    evidence: evidenceOf(row.node, evaluation),
  };
  if (row.pairs < limit('pairs')) return { ...start, state: 'waiting', note: `waiting for ${limit('pairs')} pairs, has ${row.pairs}` };
  const zone = zoneOf(row.offset_seconds);
  const known = row.pairs_before >= limit('pairs');
  const drift = known ? row.offset_seconds - row.offset_before : 0;
  if (zone === 0 && Math.abs(drift) <= limit('drift_seconds'))
    return known ? start : { ...start, note: 'drift is judged from the second day on' };
  const name = row.node || leg;
  const by = `${figure(row.offset_seconds)} s`;
  return {
    ...start,
    ...(zone === 0 ? {} : { expected: 0, lower: -nearSeconds, upper: nearSeconds }),
    state: 'violation',
    direction: row.offset_seconds > 0 ? 'up' : 'down',
    p: 0,
    ...(row.moved_charge > 0
      ? {
          money: amountOf(
            {
              micro: row.moved_charge,
              low: 0,
              high: row.moved_charge,
              class: 'risk',
              method: `charges of the usage of the hour that ${row.other} puts into another day`,
            },
            currency,
          ),
        }
      : {}),
    note:
      row.moved_charge > 0
        ? ''
        : row.charge > 0
          ? 'no amount: no usage of this hour falls into another day'
          : 'no amount: none of the records is charged',
    title:
      zone === 0
        ? `${name}: clock drifts, ${figure(drift)} s against ${row.other} in a day`
        : `${name}: times are ${figure(zone / 60)} minutes off against ${row.other} (time zone or change of clocks)`,
    summary: `The starts of ${figure(row.pairs)} records of ${name} lie ${by} from those of the same usage on ${row.other} (median); a day before ${known ? `${figure(row.offset_before)} s` : 'not known'}. Comparisons of the two legs at midnight and at price bands are off by as much.`,
    beganAt: window.from,
  };
}

const counters = {
  duration: {
    count: (row: Row) => row.too_long + row.beyond_end,
    text: 'last more than a day, or far longer than from their start to their end',
    title: 'with impossible durations',
    charged: true,
  },
  ahead: { count: (row: Row) => row.ahead, text: 'lie ahead of the clock', title: 'from the future', charged: false },
  rate: { count: (row: Row) => row.too_fast, text: 'claim more than 100 Gbit/s', title: 'with impossible volumes', charged: false },
  fall: {
    count: (row: Row) => row.fell,
    text: 'state fewer octets than the same session had stated before',
    title: 'with counters that fell',
    charged: false,
  },
} as const;

const fallText = ({ rolled, fell, lost_octets }: Row): string =>
  ` ${rolled === 0 ? 'A stop without octets, or a node that started anew' : `${figure(rolled)} of ${figure(fell)} ran over a counter of 32 bits`}; ${figure(lost_octets / 2 ** 20)} MiB less.`;

function counter(row: Row, name: keyof typeof counters, evaluation: Evaluation): Judgement {
  const { limit, leg, window, tenant, currency } = evaluation;
  const { count, text, title, charged } = counters[name];
  const found = count(row);
  const start: Judgement = {
    ...calm({ leg, node: row.node, other: '', check: name }, window),
    observed: found,
    upper: limit('share') * row.records,
    unit: 'records',
    statistic: row.records === 0 ? 0 : found / row.records,
    evidence: evidenceOf(row.node, evaluation),
  };
  if (found < limit('records') || start.statistic <= limit('share')) return start;
  const worth = charged && row.wrong_charge > 0;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(worth
      ? {
          money: amountOf(
            {
              micro: row.wrong_charge,
              low: 0,
              high: row.wrong_charge,
              class: 'over_charge',
              method:
                'charges of the records with impossible durations beyond the time from their start to their end, at the price of the others',
            },
            currency,
          ),
        }
      : {}),
    valued: {
      ...usageWorth({ tenant, leg, from: window.from, to: window.to }),
      records: found,
      class: 'risk',
      what: `records that ${text}`,
      perhaps: true,
    },
    ...(name === 'fall' && row.fell_customers > 0 ? { customers: { count: row.fell_customers, segments: {} } } : {}),
    ...(charged && row.wrong_customers > 0 ? { customers: { count: row.wrong_customers, segments: {} } } : {}),
    title: `${row.node || leg}: ${counted(found, 'record')} ${title}`,
    summary: `${counted(found, 'record')} of ${figure(row.records)} of ${row.node || leg} in the hour from ${utc(window.from)} ${text} (${percent(start.statistic)}).${name === 'fall' ? fallText(row) : ''}`,
    beganAt: name === 'fall' ? row.fell_at : row.first_at,
    ...(charged ? { samples: row.samples } : name === 'fall' ? { samples: row.fell_samples } : {}),
  };
}

/**
 * S20: the clock of a node against other legs, and durations, volumes and times that cannot be.
 * @example clocks.identity // 'S20'
 */
export const clocks = define({
  identity: 'S20',
  title: 'Clock drift, time zone and counters',
  kind: 'data',
  rater: 'assurance',
  metric: 'clock_and_counters',
  trigger: 'window-close',
  windowMs: hourMs,
  mostWindows: 3,
  needs: { legs: [], tables: ['usage', 'usage_hour'], data: 'usage; for clocks, two legs that share charging ids' },
  query,
  columns,
  lookbackMs: 86_400_000,
  limits,
  scope: ['leg', 'node', 'other', 'check'],
  holdMs: 0,
  // A clock that drifts stands still for hours, or is seen through few records.
  calmMs: 86_400_000,
  store: 'all',
  evaluate(rows, evaluation) {
    const { leg, window } = evaluation;
    const pairs = rows.filter(({ other }) => other !== '' && comesFirst(leg, other)).map((row) => offset(row, evaluation));
    const nodes = rows.filter(({ other }) => other === '');
    const fast = new Set(
      pairs.filter(({ state, direction }) => state === 'violation' && direction === 'up').map(({ cell }) => cell['node']),
    );
    const own = nodes.flatMap((row) =>
      (Object.keys(counters) as (keyof typeof counters)[]).map((name) => {
        const judged = counter(row, name, evaluation);
        // A clock that is ahead writes records from the future: told once, as what it is.
        if (name !== 'ahead' || judged.state !== 'violation' || !fast.has(row.node)) return judged;
        return { ...calm(judged.cell, judged.window), observed: judged.observed, unit: judged.unit, note: 'explained by its clock' };
      }),
    );
    const found = [...pairs, ...own];
    return found.length > 0 ? found : [notApplicable(query, { leg, node: '', other: '', check: '' }, window, 'usage')];
  },
  documentation: {
    meaning:
      'A clock that drifts or a time zone that is wrong puts usage into another hour, day or price band, and makes every comparison of two legs disagree at midnight and when clocks change. A counter that ran over, a stop that came days late or a unit that was mistaken shows as a duration or volume that cannot be.',
    formula:
      'offset = median(start on this leg - start on the other) of the pairs with the same charging id within three hours, by node and hour. Violation when it changed by more than `drift_seconds` within a day, or lies within a minute of a multiple of 15 minutes other than 0. Counters: records of a node and hour that last more than 24 hours or more than 1.5 times end - start and a minute, lie ahead of the clock (where the clock of their node is not told to be ahead), or exceed 100 Gbit/s, and interim or stop records that state fewer octets than their session had before (from over 3 GiB to below 4 GiB: a counter of 32 bits that ran over); violation from `records` on and above `share`. Worth: of a clock, the charges that fall into another day of the operator; of durations, what is charged beyond start to end.',
    proof: 'Run the SQL of the finding: the records of the node, the longest first, beside the starts that other legs state.',
    recovery:
      'Set the clock or the time zone of the node (or of its source in the settings) and replay what was read wrongly. Have records with impossible durations corrected before they are billed, and credit those that were.',
  },
});
