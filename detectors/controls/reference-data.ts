/** N05: reference-data integrity: prices, zones, cells and prefixes that contradict themselves or the usage. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { figure, utc } from './texts.ts';

const columns = {
  check: 'text',
  subject: 'text',
  tariff: 'text',
  service: 'text',
  zone: 'text',
  records: 'number',
  charge: 'money',
  worth: 'number',
  customers: 'number',
  began_at: 'instant',
  known: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-reference-data';

const limits: readonly Limit[] = [
  { name: 'faults', default: 0, unit: 'rows', min: 0, max: 1e6, description: 'Faulty rows of one kind that are accepted', learns: 'up' },
  {
    name: 'records',
    default: 1,
    unit: 'records',
    min: 0,
    max: 1e9,
    description:
      'Records of the latest day that a fault has to touch; a contradiction of two prices or zones is told even if it touches none',
  },
];

interface Check {
  /** Table that has to have rows: 1 tariffs, 2 cells, 4 prefixes. */
  readonly table: number;
  readonly class: FindingMoney['class'];
  /** Told although no usage touches it. */
  readonly always: boolean;
  readonly one: string;
  readonly many: string;
  readonly text: string;
}

const checks: Readonly<Record<string, Check>> = {
  zero_price: {
    table: 1,
    class: 'leakage',
    always: false,
    one: 'price fell to nothing',
    many: 'prices fell to nothing',
    text: 'cost something before and cost nothing now',
  },
  ambiguous_rate: {
    table: 1,
    class: 'risk',
    always: true,
    one: 'rate with two prices at once',
    many: 'rates with two prices at once',
    text: 'have two prices from the same instant on',
  },
  overlapping_rate: {
    table: 1,
    class: 'risk',
    always: true,
    one: 'rate that ends after the next begins',
    many: 'rates that end after the next begins',
    text: 'hold longer than until the next one, at another price',
  },
  expired_rate: {
    table: 1,
    class: 'leakage',
    always: false,
    one: 'rate has ended and is still in use',
    many: 'rates have ended and are still in use',
    text: 'have ended, nothing follows, and usage refers to them',
  },
  unrated_zone: {
    table: 1,
    class: 'leakage',
    always: false,
    one: 'zone without a rate',
    many: 'zones without a rate',
    text: 'have usage and no rate in any tariff',
  },
  unknown_cell: {
    table: 2,
    class: 'risk',
    always: false,
    one: 'cell that the cell table does not know',
    many: 'cells that the cell table does not know',
    text: 'have usage and are not in the table of cells',
  },
  ambiguous_prefix: {
    table: 4,
    class: 'risk',
    always: true,
    one: 'prefix with two zones at once',
    many: 'prefixes with two zones at once',
    text: 'lead to two zones at the same time',
  },
};

const dayMs = 86_400_000;

/** What the amounts and records are about: the latest day. */
const dayOf = ({ instant }: Evaluation): Judgement['window'] => ({ from: instant - dayMs, to: instant });

/** Rates, or groups of cells, that are told each by itself, those that are worth most; the others of a check together. */
const mostTold = 20;

/** Numbers that one base station gives to its cells: the cell identity of LTE is the number of the station x 256 + the cell. */
const cellsOfStation = 256;

/**
 * Cells that were most likely built together, since they have to be loaded together: those of one area whose numbers are those of one base station.
 * A name that does not end in a number stands for itself.
 * @example cellGroup('99971-101-70659') // '99971-101-70656 to 70911'
 */
export function cellGroup(cell: string): string {
  const [, area = '', digits = ''] = /^(.*?)(\d{1,15})$/s.exec(cell) ?? [];
  if (digits === '') return cell;
  const first = Math.floor(Number(digits) / cellsOfStation) * cellsOfStation;
  return `${area}${first} to ${first + cellsOfStation - 1}`;
}

/** What a fault is told by: its rate, or the group of its cell; empty = prefixes, which are told together. */
function partOf(check: Check, { tariff, service, zone, subject }: Row): Readonly<Record<'tariff' | 'service' | 'zone' | 'cells', string>> {
  if (check.table === 1) return { tariff, service, zone, cells: '' };
  return { tariff: '', service: '', zone: '', cells: check.table === 2 ? cellGroup(subject) : '' };
}

const nowhere = { tariff: '', service: '', zone: '', cells: '' };

/** Faulty things: a cell that several services use is one. */
const faultsOf = ({ table }: Check, rows: readonly Row[]): number =>
  table === 2 ? new Set(rows.map(({ subject }) => subject)).size : rows.length;

/** The faults of a check: each rate and each group of cells by itself, since each has its amount and its owner; prefixes together. */
function judge(name: string, rows: readonly Row[], evaluation: Evaluation): readonly Judgement[] {
  const { limit } = evaluation;
  const window = dayOf(evaluation);
  const check = checks[name]!;
  const own = rows.filter((row) => row.check === name && (check.always || row.records >= limit('records')));
  const none = { check: name, ...nowhere };
  const count = faultsOf(check, own);
  const well = { ...calm(none, window), observed: count, upper: limit('faults'), unit: 'rows', statistic: count };
  if (count <= limit('faults')) return [{ ...well, ...evidenceOf(name, evaluation) }];
  const parts = groupedBy(own, (row) => JSON.stringify(partOf(check, row)));
  const worthOf = (part: readonly Row[]): number => part.reduce((sum, { worth }) => sum + worth, 0);
  const told = check.table === 4 ? [] : [...parts.values()].sort((a, b) => worthOf(b) - worthOf(a)).slice(0, mostTold);
  const rest = own.filter((row) => !told.some((each) => each.includes(row)));
  return [
    ...told.map((each) => violation(name, { check: name, ...partOf(check, each[0]!) }, each, evaluation)),
    rest.length > 0 ? violation(name, none, rest, evaluation) : { ...well, observed: 0, statistic: 0, ...evidenceOf(name, evaluation) },
  ];
}

const evidenceOf = (name: string, { tenant, instant }: Evaluation): Pick<Judgement, 'evidence'> => ({
  evidence: { query: 'control-reference-data-evidence', params: { tenant, check: name, at: new Date(instant).toISOString() } },
});

function violation(name: string, cell: Judgement['cell'], own: readonly Row[], evaluation: Evaluation): Judgement {
  const { limit, currency, tenant, instant } = evaluation;
  const window = dayOf(evaluation);
  const check = checks[name]!;
  const count = faultsOf(check, own);
  const start: Judgement = {
    ...calm(cell, window),
    observed: count,
    upper: limit('faults'),
    unit: 'rows',
    statistic: count,
    ...evidenceOf(name, evaluation),
  };
  const worth = own.reduce((sum, row) => sum + row.worth, 0) * 1e6;
  const records = own.reduce((sum, row) => sum + row.records, 0);
  const named = own.map(({ subject, service }) => (check.table === 2 ? subject : [service, subject].filter(Boolean).join(' ')));
  const shown = [...new Set(named)].slice(0, 3);
  const customers = own.reduce((sum, row) => sum + row.customers, 0);
  const began = own.reduce((first, row) => Math.min(first, row.began_at), own[0]!.began_at);
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(worth > 0
      ? {
          money: amountOf(
            {
              micro: worth,
              low: 0,
              high: worth,
              class: check.class,
              method:
                name === 'unknown_cell'
                  ? 'what the usage of the latest day in these cells was charged, by charging id'
                  : 'usage of the latest day since then at the price before, or at the difference of the two prices, with minimum and increment',
            },
            currency,
          ),
        }
      : {}),
    // Where no leg charges it by charging id. Of several services the one that is touched most stands for all.
    valued: {
      ...usageWorth({ tenant, leg: 'rating', service: own[0]!.service, from: instant - dayMs, to: instant }),
      records,
      class: check.class,
      what: 'records of the latest day that it touches',
      perhaps: true,
    },
    ...(customers > 0 ? { customers: { count: customers, segments: {} } } : {}),
    title: cell['service'] ? `${shown[0]}: ${check.one}` : `${figure(count)} ${count === 1 ? check.one : check.many}`,
    summary: `${shown.join('; ')}${count > 3 ? '; …' : ''} ${check.text}; ${figure(records)} records of the latest day are touched. Since ${utc(began)}.`,
    beganAt: began,
  };
}

/**
 * N05: integrity of tariffs, zones, cells and prefixes.
 * @example referenceData.identity // 'N05'
 */
export const referenceData = define({
  identity: 'N05',
  title: 'Reference-data integrity',
  kind: 'data',
  rater: 'assurance',
  metric: 'reference_faults',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['tariffs', 'cells', 'prefix_zones', 'usage', 'usage_hour'], data: 'tariffs, cells or prefixes' },
  query,
  columns,
  lookbackMs: dayMs,
  limits,
  scope: ['check', 'tariff', 'service', 'zone', 'cells'],
  sparse: true,
  namesAll: true,
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const known = rows.find(({ check }) => check === '')?.known ?? 0;
    return Object.keys(checks).flatMap((name) =>
      (known & checks[name]!.table) === 0
        ? notApplicable(
            query,
            { check: name, ...nowhere },
            evaluation.window,
            { 1: 'tariffs', 2: 'cells', 4: 'prefixes' }[checks[name]!.table] as string,
          )
        : judge(name, rows, evaluation),
    );
  },
  documentation: {
    meaning:
      'What everything else relies on is wrong: a price that became zero with an upload, two prices or zones at the same time, a rate that ended without a successor, a zone or a cell that nobody loaded. Each of them makes usage free, wrongly priced, or not attributable, before any total moves.',
    formula:
      'Retail rates of a tariff, service, prefix, zone and time band in order of validity. Zero price: the one that holds is 0 and the one before was not. Ambiguous: two prices from one instant on, and no later one holds. Overlapping: a stated end after the next beginning, at another price. Expired: ended without a successor and used in the latest day. Unrated zone: usage in a zone that no rate names, where rates of the service go by zone alone. Unknown cell: usage in a cell that the table does not have. Ambiguous prefix: two zones of one prefix in one upload. Violation from the first one on that touches `records`; each rate, and the cells that one base station may have (of one area, numbers of the same 256), are told by themselves, from the twenty-first on together. Worth: what was used from the fault on at the price before, the ended price or the difference, with minimum and increment, on the leg that charges; in an unknown cell what the usage was charged, by charging id.',
    proof:
      'Run the SQL of the finding: the rows with their validity and where they came from. Compare with the price list or plan that was approved.',
    recovery:
      'Load the corrected rows (a row that is sent again replaces the one before), then have the usage since rated again and bill the difference.',
  },
});
