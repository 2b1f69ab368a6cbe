/** What only the owner of the reconciliation tables may do: forget whole runs. */
import type { Store } from './store.ts';

const tables = ['reconciliation_open', 'reconciliation_pairs'] as const;

/** Drops the rows of runs at once, without a rewrite: each run is a partition of its own. Unknown runs are no error. */
export async function dropRuns(
  store: Pick<Store, 'command' | 'cluster'>,
  runs: readonly number[],
  of: readonly (typeof tables)[number][] = tables,
): Promise<void> {
  const suffix = store.cluster === undefined ? '' : '_local';
  const on = store.cluster === undefined ? '' : ` ON CLUSTER '${store.cluster.replaceAll("'", "''")}'`;
  for (const run of runs) {
    if (!Number.isSafeInteger(run)) throw new TypeError(`not a run: ${run}`);
    for (const table of of) await store.command(`ALTER TABLE ${table}${suffix}${on} DROP PARTITION ${run}`);
  }
}
