/** What people said of findings, counted: what limits learn from. */
import { readRows } from '../../core/row.ts';
import type { VerdictCounts } from '../../detectors/budget/learn.ts';

const columns = { detector: 'text', finding_key: 'text', true_count: 'number', false_count: 'number' } as const;

/** Verdicts that stand on one finding: the latest of each person. */
export interface FindingVerdicts extends VerdictCounts {
  readonly detector: string;
  readonly finding_key: string;
}

/** The part of `Store` that is asked. */
interface VerdictStore {
  rows<T>(query: string, params?: Record<string, unknown>, options?: { timeoutMs?: number }): Promise<T[]>;
}

/** Verdicts of a tenant, finding by finding. Rejects when ClickHouse does not answer. */
export async function readVerdicts(store: VerdictStore, tenant: string): Promise<readonly FindingVerdicts[]> {
  const read = readRows(columns, await store.rows('verdict-counts', { tenant }, { timeoutMs: 10_000 }));
  if (!read.ok) throw new Error(`query verdict-counts: ${read.error}`);
  return read.rows.map(({ detector, finding_key, true_count, false_count }) => ({
    detector,
    finding_key,
    true: true_count,
    false: false_count,
  }));
}

/**
 * The same added up by detector.
 * @example countsByDetector([{ detector: 'S12', finding_key: 'a', true: 1, false: 2 }]).get('S12') // { true: 1, false: 2 }
 */
export function countsByDetector(verdicts: readonly FindingVerdicts[]): ReadonlyMap<string, VerdictCounts> {
  const counts = new Map<string, VerdictCounts>();
  for (const each of verdicts) {
    const sum = counts.get(each.detector);
    counts.set(each.detector, { true: (sum?.true ?? 0) + each.true, false: (sum?.false ?? 0) + each.false });
  }
  return counts;
}
