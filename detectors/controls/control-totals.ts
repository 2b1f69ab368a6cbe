/** S03: batch control-total check. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import { fromMicro } from '../../core/money.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { type Amount, amountOf } from './amount.ts';
import { counted, figure, utc } from './texts.ts';

const columns = {
  source: 'text',
  sha256: 'text',
  name: 'text',
  received_at: 'instant',
  declared_records: 'maybe_number',
  declared_seconds: 'maybe_number',
  declared_octets: 'maybe_number',
  declared_charge: 'maybe_money',
  records: 'number',
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
  },
  { name: 'charge_tolerance', default: 0, unit: 'currency', min: 0, max: 1_000_000, description: 'Difference of charge that is accepted' },
];

/** Declared less parsed, for each measure that is declared and differs. Charge in micro-units. */
interface Difference {
  readonly measure: 'records' | 'seconds' | 'octets' | 'charge';
  readonly declared: number;
  readonly parsed: number;
}

function differencesOf(row: Row, { limit }: Evaluation): readonly Difference[] {
  const all = [
    { measure: 'records', declared: row.declared_records, parsed: row.records, tolerance: 0 },
    { measure: 'seconds', declared: row.declared_seconds, parsed: row.seconds, tolerance: limit('seconds_tolerance') },
    { measure: 'octets', declared: row.declared_octets, parsed: row.octets, tolerance: 0 },
    { measure: 'charge', declared: row.declared_charge, parsed: row.charge, tolerance: limit('charge_tolerance') * 1e6 },
  ] as const;
  return all.flatMap(({ measure, declared, parsed, tolerance }) =>
    declared !== null && Math.abs(declared - parsed) > tolerance ? [{ measure, declared, parsed }] : [],
  );
}

const declares = (row: Row): boolean =>
  row.declared_records !== null || row.declared_seconds !== null || row.declared_octets !== null || row.declared_charge !== null;

/** Micro-units that were declared and not parsed (positive), or the other way round: from the charge, else from the records. */
function missingCharge(row: Row): { readonly micro: number; readonly stated: boolean } | undefined {
  if (row.declared_charge !== null) return { micro: row.declared_charge - row.charge, stated: true };
  if (row.declared_records === null || row.records === 0 || row.charge === 0) return undefined;
  return { micro: ((row.declared_records - row.records) * row.charge) / row.records, stated: false };
}

function worth(rows: readonly Row[]): Amount | undefined {
  const all = rows.flatMap((row) => missingCharge(row) ?? []);
  const micro = all.reduce((sum, each) => sum + each.micro, 0);
  if (micro === 0) return undefined;
  return {
    micro: Math.abs(micro),
    class: micro > 0 ? 'leakage' : 'over_charge',
    method: all.every(({ stated }) => stated)
      ? 'declared charge less the charge of the records read'
      : 'declared charge less the charge read; where none is declared, missing records x mean charge of the file',
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
    .map((row) => ({ row, differences: differencesOf(row, evaluation) }))
    .filter(({ differences }) => differences.length > 0)
    .sort((a, b) => a.row.received_at - b.row.received_at);
  const start = { ...calm({ source }, evaluation.window), unit: 'files' };
  const first = wrong[0];
  if (!first) return start;
  const amount = worth(wrong.map(({ row }) => row));
  const shown = wrong.slice(0, 3).map(({ row, differences }) => `${row.name}: ${differences.map(text).join(', ')}`);
  return {
    ...start,
    state: 'violation',
    observed: wrong.length,
    direction: 'up',
    statistic: wrong.length / rows.length,
    p: 0,
    ...(amount ? { money: amountOf(amount, evaluation.currency) } : {}),
    note: amount
      ? 'customers not known: the missing records would name them'
      : 'no amount: neither a charge is declared nor read, or the charges agree',
    summary: `${counted(wrong.length, 'file')} of ${source} in 24 h differ from the totals they declare. ${shown.join('; ')}${wrong.length > 3 ? '; …' : ''}. Since ${utc(first.row.received_at)}.`,
    beganAt: first.row.received_at,
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
      'A file says how many records, seconds, octets or how much charge it holds. Less was read: a truncated transfer, a decoder that skips a record type. More was read: a mixed release, a file with the end of another.',
    formula:
      'declared - (stored + rejected + left out by a rule, without header, trailer, comment and blank lines) = 0 for records; declared - sum over the records stored or rejected as parsed = 0 for seconds, octets and charge.',
    proof: 'Run the SQL of the finding: declared beside read, file by file. Compare the size and the hash of the file with the sender.',
    recovery:
      'Have the file sent again; a corrected file of the same name takes its place. If records were skipped, mend the mapping and replay.',
  },
});
