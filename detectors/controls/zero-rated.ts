/** S13: unrated, zero-rated and zero-duration usage. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { binomialTail } from '../statistics/binomial-tail.ts';
import { robustScale } from '../statistics/robust-scale.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf, quantileOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  service: 'text',
  zone: 'text',
  plan: 'text',
  blocks: 'numbers',
  n: 'numbers',
  zero_rated: 'numbers',
  unrated: 'numbers',
  zero_duration: 'numbers',
  zero_rated_units: 'numbers',
  unrated_units: 'numbers',
  charged_units: 'numbers',
  charged: 'numbers',
  charge: 'numbers',
  zero_rated_from: 'instant',
  unrated_from: 'instant',
  zero_duration_from: 'instant',
  zero_rated_customers: 'number',
  unrated_customers: 'number',
  zero_duration_customers: 'number',
  unrated_day_from: 'instant',
  unrated_day_customers: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-zero-rated';
const hourMs = 3_600_000;
const judgedMs = 6 * hourMs;
const dayMs = 24 * hourMs;
/** Blocks of history with fewer records than this say nothing. */
const thin = 20;

const limits: readonly Limit[] = [
  {
    name: 'rise',
    default: 0.002,
    unit: 'ratio',
    min: 0.0001,
    max: 0.5,
    description: 'Rise of the share above the usual that counts, or three deviations of it if those are more',
    learns: 'up',
  },
  {
    name: 'p',
    default: 1e-5,
    unit: 'p',
    min: 1e-12,
    max: 0.01,
    description: 'Largest tail probability of the count at the share that is accepted',
  },
  { name: 'records', default: 3, unit: 'records', min: 1, max: 1e9, description: 'Records beyond the usual below which nothing is said' },
  {
    name: 'stated',
    default: 2,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Records of a day that rating states it did not rate, from which it is told where it never did so before',
    learns: 'up',
  },
  {
    name: 'floor',
    default: 0.0005,
    unit: 'ratio',
    min: 0,
    max: 0.1,
    description: 'Share of the charges of the leg and service in the judged hours below which nothing is said',
  },
];

const checks = [
  {
    name: 'zero_rated',
    legs: ['rating', 'ocs', 'billing'],
    services: undefined,
    class: 'leakage',
    is: 'charged nothing',
    count: (row: Row, at: number) => row.zero_rated[at]!,
    units: (row: Row, at: number) => row.zero_rated_units[at]!,
    from: (row: Row) => row.zero_rated_from,
    customers: (row: Row) => row.zero_rated_customers,
  },
  {
    name: 'unrated',
    legs: ['rating', 'ocs', 'billing'],
    services: undefined,
    class: 'risk',
    is: 'not rated',
    count: (row: Row, at: number) => row.unrated[at]!,
    units: (row: Row, at: number) => row.unrated_units[at]!,
    from: (row: Row) => row.unrated_from,
    customers: (row: Row) => row.unrated_customers,
  },
  {
    name: 'zero_duration',
    legs: undefined,
    services: ['voice'],
    class: 'leakage',
    is: 'answered and without duration',
    count: (row: Row, at: number) => row.zero_duration[at]!,
    units: () => 0,
    from: (row: Row) => row.zero_duration_from,
    customers: (row: Row) => row.zero_duration_customers,
  },
] as const;

type Check = (typeof checks)[number];

const counts = [
  'n',
  'zero_rated',
  'unrated',
  'zero_duration',
  'zero_rated_units',
  'unrated_units',
  'charged_units',
  'charged',
  'charge',
] as const;

/** The block of the row that lies between six hours and a day before the end. */
const restOfDay = 5;

/** A row whose block `restOfDay` is counted into another one: 1, the day before the six hours, or 0, for the day up to the end. */
function withRestIn(row: Row, into: 0 | 1): Row {
  const [at, to] = [row.blocks.indexOf(restOfDay), row.blocks.indexOf(into)];
  if (at === -1) return row;
  if (to === -1) return { ...row, blocks: row.blocks.map((block) => (block === restOfDay ? into : block)) };
  const sums = counts.map((name) => {
    const values = row[name];
    return [name, values.flatMap((value, place) => (place === at ? [] : [place === to ? value + values[at]! : value]))] as const;
  });
  return { ...row, ...Object.fromEntries(sums), blocks: row.blocks.filter((_, place) => place !== at) };
}

/** Mean charge in micro-units of what is charged in a cell: of its history, else of now, else of the whole service. */
function meanCharge(row: Row, whole: number): number {
  const total = (keep: (block: number) => boolean, of: readonly number[]) =>
    row.blocks.reduce((sum, block, at) => (keep(block) ? sum + of[at]! : sum), 0);
  for (const keep of [(block: number) => block > 0, (block: number) => block === 0]) {
    const charged = total(keep, row.charged);
    if (charged > 0) return (total(keep, row.charge) * 1e6) / charged;
  }
  return whole;
}

/** Charge of a second, octet or record in micro-units, of what is charged in a cell, as `meanCharge`; 0 = not known. */
function unitPrice(row: Row): number {
  const total = (keep: (block: number) => boolean, of: readonly number[]) =>
    row.blocks.reduce((sum, block, at) => (keep(block) ? sum + of[at]! : sum), 0);
  for (const keep of [(block: number) => block > 0, (block: number) => block === 0]) {
    const units = total(keep, row.charged_units);
    if (units > 0) return (total(keep, row.charge) * 1e6) / units;
  }
  return 0;
}

/** Charges of a service in the judged hours, and its mean charge over all blocks, micro-units. */
interface Service {
  readonly charge: number;
  readonly mean: number;
}

function serviceOf(rows: readonly Row[]): Service {
  let [charge, all, charged] = [0, 0, 0];
  for (const row of rows) {
    row.blocks.forEach((block, at) => {
      all += row.charge[at]! * 1e6;
      charged += row.charged[at]!;
      if (block === 0) charge += row.charge[at]! * 1e6;
    });
  }
  return { charge, mean: charged > 0 ? all / charged : 0 };
}

/** What was counted in a stretch, and what is usual. */
interface Seen {
  readonly ms: number;
  readonly now: number;
  readonly count: number;
  readonly n: number;
  readonly usual: number;
  readonly accepted: number;
  readonly from: number;
  readonly customers: number;
}

const lengths: Readonly<Record<number, string>> = { [judgedMs]: 'six hours', [dayMs]: 'day' };

function figuresOf(row: Row, check: Check, { ms, count, n, usual, accepted }: Seen, { leg, tenant, window }: Evaluation): Judgement {
  const judged = { from: window.to - ms, to: window.to };
  return {
    ...calm({ leg, service: row.service, zone: row.zone, plan: row.plan, check: check.name }, judged),
    observed: count,
    unit: 'records',
    statistic: n === 0 ? 0 : count / n,
    expected: usual * n,
    upper: accepted * n,
    p: n === 0 ? 1 : binomialTail(count, n, accepted).upper,
    evidence: {
      query: 'control-zero-rated-evidence',
      params: {
        tenant,
        leg,
        service: row.service,
        zone: row.zone,
        plan: row.plan,
        check: check.name,
        from: new Date(judged.from).toISOString(),
        to: new Date(judged.to).toISOString(),
      },
    },
  };
}

/** The violation with its amount, or why it is none. */
function told(row: Row, check: Check, service: Service, seen: Seen, figures: Judgement, evaluation: Evaluation): Judgement {
  const { limit, window, leg, tenant } = evaluation;
  const { now, count, n, usual, accepted, customers } = seen;
  const excess = count - usual * n;
  const mean = meanCharge(row, check.name === 'zero_rated' ? 0 : service.mean);
  // What nobody is ever charged for in this cell is a free plan, not a leak.
  if (check.name === 'zero_rated' && mean === 0) return { ...figures, note: 'nothing is ever charged here' };
  // Few records are seldom of mean size: what they used counts, where it is known.
  const used = check.units(row, now) * unitPrice(row);
  const each = used > 0 ? used / count : mean;
  const worth = excess * each;
  if (mean > 0 && worth < limit('floor') * service.charge) return { ...figures, note: 'below the money floor' };
  const where = [row.zone, row.plan && `plan ${row.plan}`].filter(Boolean).join(', ');
  return {
    ...figures,
    state: 'violation',
    direction: 'up',
    ...(mean > 0
      ? {
          money: amountOf(
            {
              micro: worth,
              low: Math.max(0, count - accepted * n) * each,
              high: count * each,
              class: check.class,
              method: `${figure(Math.round(excess))} records beyond the usual share x ${used > 0 ? 'what they used at the mean price of it' : 'mean charge of such records that are charged'}`,
            },
            evaluation.currency,
          ),
        }
      : {}),
    valued: {
      ...usageWorth({ tenant, leg, service: row.service, from: figures.window.from, to: figures.window.to }),
      records: Math.round(excess),
      class: check.class,
      what: `records ${check.is}`,
    },
    ...(customers > 0 ? { customers: { count: customers, segments: {} } } : {}),
    title: `${leg} ${row.service}${where ? ` (${where})` : ''}: ${percent(count / n, 2)} ${check.is}, usual are ${percent(usual, 2)}`,
    summary: `${counted(count, 'record')} of ${figure(n)} of ${row.service}${where ? ` (${where})` : ''} on ${leg} ${check.is} in the ${lengths[seen.ms]} to ${utc(window.to)} (${percent(count / n)}); usual are ${percent(usual)}. The first at ${utc(seen.from)}.`,
    beganAt: seen.from,
  };
}

function judge(row: Row, check: Check, service: Service, evaluation: Evaluation): Judgement {
  const { limit } = evaluation;
  const now = row.blocks.indexOf(0);
  const [n, count] = now === -1 ? [0, 0] : [row.n[now]!, check.count(row, now)];
  const stretch = { ms: judgedMs, now, count, n, from: check.from(row), customers: check.customers(row) };
  const shares = row.blocks.flatMap((block, at) => (block > 0 && row.n[at]! >= thin ? [check.count(row, at) / row.n[at]!] : []));
  const nothing = { ...figuresOf(row, check, { ...stretch, usual: 0, accepted: 0 }, evaluation), p: 1 };
  if (n === 0) return { ...nothing, state: 'waiting', note: 'no usage' };
  if (shares.length === 0) return { ...nothing, state: 'not_applicable', note: `not applicable, needs ${thin} records of an earlier day` };
  const usual = quantileOf(shares, 0.5);
  const accepted = Math.min(1, usual + Math.max(limit('rise'), 3 * robustScale(shares).scale));
  const excess = count - usual * n;
  const seen: Seen = { ...stretch, usual, accepted };
  const figures = figuresOf(row, check, seen, evaluation);
  if (count <= accepted * n || figures.p > limit('p') || excess < limit('records')) {
    const near = excess >= limit('records') && count > (usual + (accepted - usual) / 2) * n;
    return near ? { ...figures, state: 'waiting', note: 'between half the limit and the limit' } : figures;
  }
  return told(row, check, service, seen, figures, evaluation);
}

/**
 * A few records of a day that rating states it did not rate: no share of anything, but no chance either where it never did so before.
 * @param row whose block 0 is a day
 */
function judgeStated(row: Row, check: Check, service: Service, evaluation: Evaluation): Judgement | undefined {
  const now = row.blocks.indexOf(0);
  if (now === -1 || check.count(row, now) < evaluation.limit('stated')) return undefined;
  const of = (keep: (block: number) => boolean, count: (at: number) => number): number =>
    row.blocks.reduce((sum, block, at) => (keep(block) ? sum + count(at) : sum), 0);
  // What has lasted for more than a day is in the hours before the day as well: then the weeks before tell.
  const weeks = (block: number): boolean => block > 1;
  const before = of(weeks, (at) => row.n[at]!) >= thin ? weeks : (block: number): boolean => block > 0;
  if (of(before, (at) => row.n[at]!) < thin || of(before, (at) => check.count(row, at)) > 0) return undefined;
  const seen: Seen = {
    ...{ ms: dayMs, now, count: check.count(row, now), n: row.n[now]!, usual: 0, accepted: 0 },
    ...{ from: row.unrated_day_from, customers: row.unrated_day_customers },
  };
  const judged = told(row, check, service, seen, figuresOf(row, check, seen, evaluation), evaluation);
  return judged.state === 'violation' ? judged : undefined;
}

/**
 * S13: answered usage that is charged nothing, not rated, or has no duration, beyond the share that is usual for its service, zone and plan.
 * @example zeroRated.identity // 'S13'
 */
export const zeroRated = define({
  identity: 'S13',
  title: 'Unrated, zero-rated, zero-duration',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'zero_share',
  trigger: 'window-close',
  windowMs: hourMs,
  mostWindows: 3,
  needs: {
    legs: ['switch', 'mediation', 'rating', 'ocs', 'billing'],
    tables: ['usage'],
    data: 'answered usage of rating, ocs or billing with charges, or calls of any leg, and a day of history',
  },
  query,
  columns,
  lookbackMs: 510 * hourMs,
  limits,
  scope: ['leg', 'service', 'zone', 'plan', 'check'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const fits = (check: Check, service: string) =>
      (check.legs === undefined || (check.legs as readonly string[]).includes(evaluation.leg)) &&
      (check.services === undefined || (check.services as readonly string[]).includes(service));
    const servicesOf = (all: readonly Row[]) =>
      new Map([...groupedBy(all, ({ service }) => service)].map(([name, own]) => [name, serviceOf(own)]));
    const [hours, days] = [rows.map((row) => withRestIn(row, 1)), rows.map((row) => withRestIn(row, 0))];
    const [ofHours, ofDays] = [servicesOf(hours), servicesOf(days)];
    const found = hours.flatMap((row, at) =>
      checks
        .filter((check) => fits(check, row.service))
        .map((check) => {
          const judged = judge(row, check, ofHours.get(row.service)!, evaluation);
          const stated = check.name === 'unrated' && judged.state !== 'violation';
          return (stated && judgeStated(days[at]!, check, ofDays.get(row.service)!, evaluation)) || judged;
        }),
    );
    if (found.length > 0) return found;
    const cell = { leg: evaluation.leg, service: '', zone: '', plan: '', check: '' };
    return [notApplicable(query, cell, evaluation.window, 'answered usage with charges, or calls')];
  },
  documentation: {
    meaning:
      'Answered usage that costs nothing although such usage is usually charged: a destination that became free with a price upload, a tariff that expired, records that the rating passed on unrated, calls whose answer was lost so that they have no duration.',
    formula:
      'share = records with charge 0 and no allowance (zero-rated), with a status before rated (unrated), or answered calls of 0 seconds (zero-duration), of the answered records of a leg, service, zone and plan in six hours. Usual: the median share of the day before and of the same hours of three weeks. Violation when the share exceeds the usual by `rise` or three robust deviations, with an exact binomial tail of at most p, and the records beyond the usual, for what they used at the mean price of a second, octet or message that is charged in the cell, are above `floor` of the charges of the service. Where rating never stated before that it did not rate such records (weeks before, else the hours before the day), `stated` of them in a day are enough. Range: from the accepted share to all such records.',
    proof: 'Run the SQL of the finding: the records with tariff, reason and cause. Rate a few by hand with the tariff that was valid.',
    recovery: 'Load the missing price or mend the rating, have the usage rated again and billed within the limit for billing late.',
  },
});
