/** S03: batch control-total check. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import { fromMicro } from '../../core/money.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { usageWorth } from '../usage-worth.ts';
import { type Amount, amountOf } from './amount.ts';
import { counted, figure, utc } from './texts.ts';

const columns = {
  source: 'text',
  sha256: 'text',
  name: 'text',
  received_at: 'instant',
  handed_at: 'instant',
  previous_at: 'instant',
  event_from: 'instant',
  event_to: 'instant',
  declared_records: 'maybe_number',
  declared_seconds: 'maybe_number',
  declared_octets: 'maybe_number',
  declared_charge: 'maybe_money',
  declared_lost: 'maybe_number',
  closure_reason: 'maybe_number',
  declared_from: 'instant',
  declared_to: 'instant',
  records: 'number',
  rejected: 'number',
  seconds: 'number',
  octets: 'number',
  charge: 'money',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-totals';

const limits: readonly Limit[] = [
  {
    name: 'seconds_tolerance',
    default: 0.001,
    unit: 'seconds',
    min: 0,
    max: 3_600,
    description: 'Difference of seconds that is rounding of the sum',
    learns: 'up',
  },
  { name: 'charge_tolerance', default: 0, unit: 'currency', min: 0, max: 1_000_000, description: 'Difference of charge that is accepted' },
];

/** Declared less parsed, for each measure that is declared and differs. Charge in micro-units. */
interface Difference {
  readonly measure: 'records' | 'seconds' | 'octets' | 'charge';
  readonly declared: number;
  readonly parsed: number;
}

/** From this closure reason on the sender closed the file abnormally (3GPP TS 32.297). */
const abnormalFrom = 128;

/** What a file says against itself, in words: the sender lost records, broke off, or its events lie outside the times it states. */
function admissionsOf(row: Row): readonly string[] {
  const said: string[] = [];
  if ((row.declared_lost ?? 0) > 0) said.push(`the sender lost ${counted(row.declared_lost!, 'record')}`);
  if ((row.closure_reason ?? 0) >= abnormalFrom) said.push(`closed abnormally (reason ${row.closure_reason})`);
  // A file without events has no times; those of a header are to the second.
  if (row.event_to > 0 && row.declared_from > 0 && row.event_from < row.declared_from)
    said.push(`an event of ${utc(row.event_from)} lies before the earliest declared, ${utc(row.declared_from)}`);
  if (row.event_to > 0 && row.declared_to > 0 && row.event_to >= row.declared_to + 1000)
    said.push(`an event of ${utc(row.event_to)} lies after the latest declared, ${utc(row.declared_to)}`);
  return said;
}

function differencesOf(row: Row, { limit }: Evaluation): readonly Difference[] {
  const all = [
    { measure: 'records', declared: row.declared_records, parsed: row.records, tolerance: 0 },
    { measure: 'seconds', declared: row.declared_seconds, parsed: row.seconds, tolerance: limit('seconds_tolerance') },
    { measure: 'octets', declared: row.declared_octets, parsed: row.octets, tolerance: 0 },
    { measure: 'charge', declared: row.declared_charge, parsed: row.charge, tolerance: limit('charge_tolerance') * 1e6 },
  ] as const;
  // What a rejected record would have added is not known for sure, so only the count of records can be compared then.
  const comparable = row.rejected > 0 ? all.slice(0, 1) : all;
  return comparable.flatMap(({ measure, declared, parsed, tolerance }) =>
    declared !== null && Math.abs(declared - parsed) > tolerance ? [{ measure, declared, parsed }] : [],
  );
}

const declares = (row: Row): boolean =>
  [row.declared_records, row.declared_seconds, row.declared_octets, row.declared_charge, row.declared_lost, row.closure_reason].some(
    (each) => each !== null,
  ) ||
  row.declared_from > 0 ||
  row.declared_to > 0;

/** Micro-units declared less those read, of the files that state a charge; undefined: none does. */
function worth(rows: readonly Row[]): Amount | undefined {
  const stated = rows.filter(
    (row) => row.rejected === 0 && row.declared_charge !== null && (row.declared_charge !== 0 || row.charge !== 0),
  );
  const micro = stated.reduce((sum, row) => sum + row.declared_charge! - row.charge, 0);
  if (micro === 0) return undefined;
  return {
    micro: Math.abs(micro),
    class: micro > 0 ? 'leakage' : 'over_charge',
    method: 'declared charge less the charge of the records read',
  };
}

/** Records declared less those read, of the files that declare more than was read, and those that the sender lost. */
function missingRecords(rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + Math.max(0, (row.declared_records ?? row.records) - row.records) + (row.declared_lost ?? 0), 0);
}

/** Records that were not declared: the end of another file, which has come before. */
const surplusRecords = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + Math.max(0, row.records - (row.declared_records ?? row.records)), 0);

/**
 * Until when the records of a file may have begun: those at its end may be missing, so until it was handed over, and where that was much later, as long
 * again as what was read of it.
 */
const endOf = ({ event_from, event_to, handed_at }: Row): number => Math.max(event_to, Math.min(handed_at, 2 * event_to - event_from));

/** What the missing records are worth, else what those too many are. @param stated the declared charges tell the amount already */
function valuedBy(source: string, rows: readonly Row[], stated: boolean, { tenant }: Evaluation): Pick<Judgement, 'valued'> {
  const [missing, surplus] = [missingRecords(rows), surplusRecords(rows)];
  if (missing === 0 && surplus === 0) return {};
  const usage = usageWorth({
    tenant,
    source,
    ...(missing > 0 ? { file: rows[0]!.name } : {}),
    from: Math.min(...rows.map((row) => row.event_from)),
    to: Math.max(...rows.map((row) => (missing > 0 ? endOf(row) : row.event_to))) + 1,
  });
  if (missing > 0) {
    const known = stated ? {} : { known: 'lacking' as const };
    return {
      valued: {
        ...usage,
        records: missing,
        class: 'leakage',
        ...known,
        what: 'records that were declared and not read',
      },
    };
  }
  const known = stated ? {} : { known: 'repeats' as const };
  return {
    valued: {
      ...usage,
      records: surplus,
      class: 'over_charge',
      ...known,
      what: 'records that were not declared',
      perhaps: true,
    },
  };
}

function text({ measure, declared, parsed }: Difference): string {
  return measure === 'charge'
    ? `charge ${fromMicro(declared)} declared, ${fromMicro(parsed)} read`
    : `${measure} ${figure(declared)} declared, ${figure(parsed)} read`;
}

/** The latest receipt of each name: a corrected file under the same name takes the place of the broken one. */
function latestByName(rows: readonly Row[]): readonly Row[] {
  return [...groupedBy(rows, ({ name }) => name).values()].map((all) =>
    all.reduce((latest, row) => (row.received_at >= latest.received_at ? row : latest)),
  );
}

function judge(source: string, rows: readonly Row[], evaluation: Evaluation): Judgement {
  const wrong = latestByName(rows)
    .map((row) => ({ row, said: [...differencesOf(row, evaluation).map(text), ...admissionsOf(row)] }))
    .filter(({ said }) => said.length > 0)
    .sort((a, b) => a.row.handed_at - b.row.handed_at);
  const start = { ...calm({ source }, evaluation.window), unit: 'files' };
  const first = wrong[0];
  if (!first) return start;
  const amount = worth(wrong.map(({ row }) => row));
  const beganAt = Math.max(first.row.event_from, first.row.previous_at) || first.row.handed_at;
  const shown = wrong.slice(0, 3).map(({ row, said }) => `${row.name}: ${said.join(', ')}`);
  return {
    ...start,
    state: 'violation',
    observed: wrong.length,
    direction: 'up',
    statistic: wrong.length / rows.length,
    p: 0,
    ...(amount ? { money: amountOf(amount, evaluation.currency) } : {}),
    ...valuedBy(
      source,
      wrong.map(({ row }) => row),
      amount !== undefined,
      evaluation,
    ),
    note: '',
    title: `${source}: ${counted(wrong.length, 'file')} ${wrong.length === 1 ? 'differs from its' : 'differ from their'} control totals`,
    summary: `${counted(wrong.length, 'file')} of ${source} ${wrong.length === 1 ? 'differs from the totals it declares' : 'differ from the totals they declare'}. ${shown.join('; ')}${wrong.length > 3 ? '; …' : ''}. Since ${utc(beganAt)}.`,
    beganAt,
    evidence: {
      query: 'control-totals-evidence',
      params: { tenant: evaluation.tenant, source, names: wrong.slice(0, 100).map(({ row }) => row.name) },
    },
  };
}

/**
 * S03: what header, trailer or name declare against what was read. A file stays a violation for a day, or until a corrected file
 * of the same name comes.
 * @example controlTotals.identity // 'S03'
 */
export const controlTotals = define({
  identity: 'S03',
  title: 'Control totals',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'total_difference',
  trigger: 'batch-stored',
  windowMs: 0,
  needs: { legs: [], tables: ['files', 'batches'], data: 'files that declare totals in header, trailer or name' },
  query,
  columns,
  lookbackMs: 86_400_000,
  limits,
  scope: ['source'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    const bySource = groupedBy(rows.filter(declares), ({ source }) => source);
    return evaluation.sources.map((source) => {
      const own = bySource.get(source) ?? [];
      return own.length === 0
        ? notApplicable(query, { source }, evaluation.window, 'files that declare totals in header, trailer or name')
        : judge(source, own, evaluation);
    });
  },
  documentation: {
    meaning:
      'A file says how many records, seconds, octets or how much charge it holds. Less was read: a truncated transfer, a decoder that skips a record type. More was read: a mixed release, a file with the end of another. Or the sender says itself that it lost records or broke off.',
    formula:
      'declared - (stored + rejected + left out by a rule, without header, trailer, comment and blank lines) = 0 for records; declared - sum over the records stored or rejected as parsed = 0 for seconds, octets and charge, where no record of the file was rejected; lost-CDR indicator = 0; closure reason < 128; all events between the earliest and the latest time declared.',
    proof: 'Run the SQL of the finding: declared beside read, file by file. Compare the size and the hash of the file with the sender.',
    recovery:
      'Have the file sent again; a corrected file of the same name takes its place. If records were skipped, mend the mapping and replay.',
  },
});
