/**
 * The dispute of a wholesale bill: what one sends to a host network per period, from the latest reconciliations of its days. Totals and causes
 * for the contract manager, pairs for whoever looks the records up. Read as the analyst, streamed day by day.
 */
import { WeirError } from '../../core/errors.ts';
import type { Window } from '../../core/finding.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { Analyst } from '../../sql/analyst.ts';
import { queryNamed } from '../../sql/queries.ts';
import { writeParams } from '../detect/evidence.ts';
import { type Comparison, comparisonsOf, wholesaleLeg } from '../reconcile/comparison.ts';

/** A day that has been reconciled, or not. Counts are records. */
export interface DisputedDay {
  readonly day: string;
  readonly window: Window;
  /** done, not_applicable, or missing: no run. */
  readonly state: string;
  readonly note: string;
  readonly ours: number;
  readonly theirs: number;
  readonly differing: number;
  readonly oursOnly: number;
  readonly theirsOnly: number;
}

export interface Dispute {
  readonly comparison: Comparison;
  readonly period: Window;
  readonly days: readonly DisputedDay[];
  /** One line per day and service: units and charges of both sides, and what is disputed. */
  readonly totals: readonly Readonly<Record<string, string | number>>[];
  readonly causes: readonly Readonly<Record<string, string | number>>[];
  readonly currency: string;
  /** Sum of the disputed amounts, in the currency. */
  readonly disputed: number;
  /** Sum of what the other side has not charged yet. */
  readonly unbilled: number;
}

const control = 'S09';
const dayMs = 86_400_000;

/**
 * The comparison with a partner. `name` picks one where there are several, or one that names no partner.
 * @throws WeirError not_found, usage
 */
export function disputedComparison(settings: Settings, partner: string | undefined, name: string | undefined): Comparison {
  const all = comparisonsOf(settings, control, name).filter((each) => partner === undefined || each.partner === partner);
  if (all.length === 1) return all[0]!;
  const known = comparisonsOf(settings, control).map((each) => `${each.name}${each.partner === '' ? '' : ` (partner ${each.partner})`}`);
  if (all.length === 0) {
    throw new WeirError('not_found', `no comparison of S09 is set for partner ${partner ?? ''}`, {
      place: 'reconciliation.comparisons',
      hint: `Known: ${known.join(', ')}. --comparison NAME takes one by its name.`,
    });
  }
  throw new WeirError('usage', `${all.length} comparisons of S09 fit`, {
    hint: `Pick one with --comparison NAME: ${known.join(', ')}`,
  });
}

const instant = (at: number): string => new Date(at).toISOString();

const paramsOf = (tenant: string, comparison: Comparison, currency: string, { from, to }: Window) => ({
  tenant,
  control,
  comparison: comparison.name,
  partner: comparison.partner,
  currency,
  leg_a: comparison.a,
  leg_b: comparison.b,
  wholesale: wholesaleLeg(comparison) === comparison.b ? 1 : 0,
  from: instant(from),
  to: instant(to),
});

async function records(
  analyst: Analyst,
  query: string,
  params: ReturnType<typeof paramsOf>,
): Promise<readonly Readonly<Record<string, string | number>>[]> {
  const { columns, rows } = await analyst.ask(queryNamed(query).sql, { params });
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] as string | number])));
}

function dayOf(day: number, row: Readonly<Record<string, string | number>> | undefined): DisputedDay {
  const window = { from: day, to: day + dayMs };
  const name = instant(day).slice(0, 10);
  if (!row)
    return { day: name, window, state: 'missing', note: 'not reconciled', ours: 0, theirs: 0, differing: 0, oursOnly: 0, theirsOnly: 0 };
  return {
    day: name,
    window,
    state: `${row['state']}`,
    note: `${row['note']}`,
    ours: Number(row['records_a']),
    theirs: Number(row['records_b']),
    differing: Number(row['mismatch']),
    oursOnly: Number(row['a_only']),
    theirsOnly: Number(row['b_only']),
  };
}

const sum = (rows: readonly Readonly<Record<string, string | number>>[], name: string): number =>
  rows.reduce((total, row) => total + Math.round(Number(row[name]) * 1e6), 0) / 1e6;

/** Days, totals and causes of a period of whole UTC days. */
export async function disputeOf(
  analyst: Analyst,
  { tenant, currency }: Pick<Settings, 'tenant' | 'currency'>,
  comparison: Comparison,
  period: Window,
): Promise<Dispute> {
  const params = paramsOf(tenant, comparison, currency, period);
  const [windows, totals, causes] = await Promise.all([
    records(analyst, 'dispute-windows', params),
    records(analyst, 'dispute-totals', params),
    records(analyst, 'dispute-causes', params),
  ]);
  const known = new Map(windows.map((row) => [Number(row['from_ms']), row]));
  const days = Array.from({ length: Math.round((period.to - period.from) / dayMs) }, (_, at) => {
    const day = period.from + at * dayMs;
    return dayOf(day, known.get(day));
  });
  return {
    comparison,
    period,
    days,
    totals,
    causes,
    currency,
    disputed: sum(totals, 'disputed_amount'),
    unbilled: sum(totals, 'unbilled_amount'),
  };
}

/**
 * The disputed records of each reconciled day, one after the other, as CSV: the header once, then a line per record. At most a million a day.
 */
export async function* disputedPairs(analyst: Analyst, tenant: string, dispute: Dispute): AsyncGenerator<Uint8Array, void, undefined> {
  let header = true;
  for (const { window, state } of dispute.days) {
    if (state !== 'done') continue;
    const sql = writeParams(queryNamed('dispute-pairs').sql, paramsOf(tenant, dispute.comparison, dispute.currency, window));
    let skipping = !header;
    for await (const chunk of await analyst.stream(sql, 'CSVWithNames')) {
      if (!skipping) yield chunk;
      else {
        const end = chunk.indexOf(10);
        if (end < 0) continue;
        skipping = false;
        if (end + 1 < chunk.length) yield chunk.subarray(end + 1);
      }
    }
    header = false;
  }
}
