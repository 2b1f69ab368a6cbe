/** S09, fourth part: an MVNO's own usage against that of its host by day, service and destination, and what is left of it by plan. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { amountOf, quantileOf } from './amount.ts';
import { figure, percent } from './texts.ts';

const columns = {
  check: 'text',
  service: 'text',
  zone: 'text',
  plan: 'text',
  days: 'numbers',
  own_records: 'numbers',
  host_records: 'numbers',
  own_units: 'numbers',
  host_units: 'numbers',
  host_charge: 'numbers',
  revenue: 'number',
  cost: 'number',
  subscriptions: 'number',
  rounding: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-wholesale-usage';
const dayMs = 86_400_000;
/** Latest days that are judged: late usage corrects them. */
const judgedDays = 3;
/** Days before that make the usual ratio known. */
const knownDays = 3;
const needs =
  'a whole day of own rated usage (leg rating, billing or ocs) and of the wholesale usage of the host (leg mno_wholesale), both complete';

const limits: readonly Limit[] = [
  {
    name: 'units',
    default: 0.01,
    unit: 'ratio',
    min: 0.0001,
    max: 0.5,
    description: 'Departure of units of the host to ours from the usual ratio that is accepted',
    learns: 'up',
  },
  {
    name: 'gross',
    default: 0.05,
    unit: 'ratio',
    min: 0.001,
    max: 1,
    description: 'Difference of units that is told however usual it is; seconds only where no partner rounds',
  },
  { name: 'records', default: 30, unit: 'records', min: 5, max: 1e9, description: 'Records of a day below which it is too thin' },
  {
    name: 'floor',
    default: 0.0005,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Share of the wholesale charges of the day below which nothing is said',
  },
  {
    name: 'margin',
    default: 0,
    unit: 'ratio',
    min: -1,
    max: 1,
    description: 'Margin of a plan (revenue less cost, over revenue) below which it is told',
  },
];

const names: Readonly<Record<string, string>> = { voice: 'seconds', data: 'octets' };
const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Host units over own units of one day. */
const ratioOf = (row: Row, at: number): number =>
  row.own_units[at]! === 0 ? Number.POSITIVE_INFINITY : row.host_units[at]! / row.own_units[at]!;

interface Usual {
  readonly ratio: number;
  /** Robust deviation of the days. */
  readonly spread: number;
  readonly days: number;
}

function usualOf(row: Row, before: number, { limit }: Evaluation): Usual {
  const ratios = row.days.flatMap((_, at) =>
    at < before && Math.max(row.own_records[at]!, row.host_records[at]!) >= limit('records') && Number.isFinite(ratioOf(row, at))
      ? [ratioOf(row, at)]
      : [],
  );
  if (ratios.length < knownDays) return { ratio: 1, spread: 0, days: ratios.length };
  const ratio = quantileOf(ratios, 0.5);
  return {
    ratio,
    spread:
      1.4826 *
      quantileOf(
        ratios.map((each) => Math.abs(each - ratio)),
        0.5,
      ),
    days: ratios.length,
  };
}

function usageOf(row: Row, at: number, dayCharge: number, evaluation: Evaluation): Judgement {
  const { limit, tenant, currency } = evaluation;
  const from = row.days[at]! * 1000;
  const window = { from, to: from + dayMs };
  const cell = { check: 'usage', service: row.service, zone: row.zone, plan: '', day: dayOf(row.days[at]!) };
  const [own, host] = [row.own_units[at]!, row.host_units[at]!];
  const usual = usualOf(row, at, evaluation);
  const accepted = Math.max(limit('units') * usual.ratio, 4 * usual.spread);
  const unit = names[row.service] ?? 'events';
  const start: Judgement = {
    ...calm(cell, window),
    observed: host,
    expected: own * usual.ratio,
    lower: own * (usual.ratio - accepted),
    upper: own * (usual.ratio + accepted),
    unit,
    statistic: own === 0 ? 0 : host / own / usual.ratio - 1,
    evidence: {
      query: 'control-wholesale-usage-evidence',
      params: {
        tenant,
        service: row.service,
        zone: row.zone,
        plan: '',
        from: new Date(from - 7 * dayMs).toISOString(),
        to: new Date(window.to).toISOString(),
      },
    },
  };
  if (Math.max(row.own_records[at]!, row.host_records[at]!) < limit('records'))
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${limit('records')} records of the day` };
  const departs = Math.abs(host - own * usual.ratio) > accepted * own;
  const standing = Math.abs(host - own) > limit('gross') * own && !(row.service === 'voice' && row.rounding === 1);
  // Nothing is known of the days before: only what is beyond any rounding is told.
  const told = usual.days < knownDays ? standing : departs || standing;
  const against = usual.days >= knownDays && departs ? own * usual.ratio : own;
  const price =
    host === 0
      ? row.cost === 0
        ? 0
        : row.cost /
          Math.max(
            1,
            row.host_units.reduce((sum, each) => sum + each, 0),
          )
      : row.host_charge[at]! / host;
  const worth = Math.abs(host - against) * price;
  if (!told || worth < limit('floor') * dayCharge) return start;
  const more = host > against;
  const records = `${figure(row.host_records[at]!)} records of the host, ${figure(row.own_records[at]!)} of ours`;
  return {
    ...start,
    state: 'violation',
    direction: more ? 'up' : 'down',
    p: 0,
    ...(worth > 0
      ? {
          money: amountOf(
            {
              micro: worth * 1e6,
              low: Math.max(0, worth - limit('units') * own * price) * 1e6,
              high: worth * 1e6,
              class: more ? 'leakage' : 'risk',
              method: `${figure(Math.abs(host - against))} ${unit} ${more ? 'more' : 'less'} than ${against === own ? 'ours' : 'the usual ratio lets expect'} x the mean wholesale charge of one`,
            },
            currency,
          ),
        }
      : {}),
    note: worth > 0 ? 'customers not known: usage is compared as a whole' : 'no amount: the host states no charge',
    title: `${row.service} ${row.zone}: the host states ${percent(Math.abs(host / against - 1), 2)} ${more ? 'more' : 'less'} ${unit} than ${against === own ? 'we do' : 'usual'}`,
    summary: `On ${dayOf(row.days[at]!)} the host states ${figure(host)} ${unit} of ${row.service} to ${row.zone || 'all zones'}, we ${figure(own)}; usual are ${usual.days < knownDays ? 'not known' : percent(usual.ratio)} of ours. ${records}: ${row.host_records[at] === row.own_records[at] ? 'the same number, so they are longer or larger' : 'some are on one side alone'}.`,
    beganAt: from,
  };
}

/** What is left of a plan after the host is paid. */
function marginOf(row: Row, evaluation: Evaluation): Judgement {
  const { limit, tenant, currency } = evaluation;
  const days = [...row.days].sort((a, b) => a - b);
  const window = { from: days[0]! * 1000, to: days.at(-1)! * 1000 + dayMs };
  const start: Judgement = {
    ...calm({ check: 'margin', service: '', zone: '', plan: row.plan, day: '' }, window),
    observed: row.revenue,
    expected: row.cost,
    lower: row.cost,
    upper: Math.max(row.revenue, row.cost),
    unit: currency,
    statistic: row.revenue === 0 ? 0 : (row.revenue - row.cost) / row.revenue,
    evidence: {
      query: 'control-wholesale-usage-evidence',
      params: {
        tenant,
        service: '',
        zone: '',
        plan: row.plan,
        from: new Date(window.from).toISOString(),
        to: new Date(window.to).toISOString(),
      },
    },
  };
  if (row.subscriptions === 0)
    return {
      ...start,
      state: 'not_applicable',
      note: 'not applicable, needs subscriptions of billing or ocs with their plan and recurring charge',
    };
  if (row.own_records[0]! < limit('records') || row.revenue - row.cost >= limit('margin') * row.revenue) return start;
  const loss = row.cost - row.revenue;
  return {
    ...start,
    state: 'violation',
    direction: 'down',
    p: 0,
    ...(loss > 0
      ? {
          money: amountOf(
            {
              micro: loss * 1e6,
              class: 'risk',
              method: `wholesale charges of the usage of the plan less what its customers pay in ${days.length} days`,
            },
            currency,
          ),
        }
      : {}),
    customers: { count: row.subscriptions, segments: {} },
    note: loss > 0 ? '' : 'no amount: the margin is thin, not negative',
    title: `plan ${row.plan}: the host costs ${figure(row.cost)} ${currency} in ${days.length} days, customers pay ${figure(row.revenue)}`,
    summary: `In the ${days.length} days to ${dayOf(days.at(-1)! + 86_400)} the usage of plan ${row.plan} costs ${figure(row.cost)} ${currency} at the host; its ${figure(row.subscriptions)} customers pay ${figure(row.revenue)}, recurring charges included.`,
    beganAt: window.from,
  };
}

/**
 * S09, fourth part: units of the host against ours by day, service and destination, and the margin of plans.
 * @example wholesaleUsage.metric // 'wholesale_variance'
 */
export const wholesaleUsage = define({
  identity: 'S09',
  title: 'Wholesale usage and margin',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'wholesale_variance',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: ['mno_wholesale'], tables: ['usage_hour', 'watermarks', 'subscriptions', 'partners'], data: needs },
  query,
  columns,
  lookbackMs: 9 * dayMs,
  limits,
  scope: ['check', 'service', 'zone', 'plan'],
  holdMs: 3 * dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    const usage = rows.filter(({ check }) => check === 'usage');
    const both = usage.some(({ own_records, host_records }) => own_records.some((n) => n > 0) && host_records.some((n) => n > 0));
    if (!both) return [notApplicable(query, { check: '', service: '', zone: '', plan: '', day: '' }, evaluation.window, needs)];
    const charges = new Map<number, number>();
    for (const row of usage) for (const [at, day] of row.days.entries()) charges.set(day, (charges.get(day) ?? 0) + row.host_charge[at]!);
    const latest = new Set([...charges.keys()].sort((a, b) => a - b).slice(-judgedDays));
    return [
      ...usage.flatMap((row) => row.days.flatMap((day, at) => (latest.has(day) ? [usageOf(row, at, charges.get(day)!, evaluation)] : []))),
      ...rows.filter(({ check }) => check === 'margin').map((row) => marginOf(row, evaluation)),
    ];
  },
  summarise: (judgements) => judgements.map(({ summary }) => summary).join(' '),
  documentation: {
    meaning:
      'The host counts more usage than we do: SIMs that hang, the numbers of another MVNO, another rounding; or less, and charges it later. And a plan whose customers pay less than the host takes for them.',
    formula:
      'Usage, by whole day, service and destination zone: ratio = units of the host / own units (seconds, octets, events). Violation when it departs from the median of the days before (three at least) by more than `units` and four robust deviations, or when the units differ by more than `gross` as such (seconds only where no partner states a rounding); and the difference is worth `floor` of the wholesale charges of the day. Worth: the difference x the mean wholesale charge of a unit. The latest three days that both watermarks have passed are judged each night, so that late usage corrects them. Margin, by plan over eight days: charges of its usage + recurring charges x days / 30 - its units x the mean wholesale charge of a unit of the service in the zone; violation below `margin`.',
    proof:
      'Run the SQL of the finding: both sides day by day. Then match record by record: `npx weir reconcile --control S09 --from DAY --to DAY`.',
    recovery:
      'Dispute what the host states and we did not see; accrue what it has not stated yet. For a plan that loses: its fair-use limit, its price, or the wholesale rate.',
  },
});
