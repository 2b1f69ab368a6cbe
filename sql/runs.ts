/** What only the owner of tables with one partition for each run may do: forget whole runs. */
import type { Store } from './store.ts';

/** Tables that keep each run in a partition of its own. */
export type RunTable = 'reconciliation_open' | 'reconciliation_pairs' | 'experience_scores';

/** Drops the rows of runs at once, without a rewrite. Unknown runs are no error. */
export async function dropRuns(
  store: Pick<Store, 'command' | 'cluster'>,
  runs: readonly number[],
  tables: readonly RunTable[],
): Promise<void> {
  const suffix = store.cluster === undefined ? '' : '_local';
  const on = store.cluster === undefined ? '' : ` ON CLUSTER '${store.cluster.replaceAll("'", "''")}'`;
  for (const run of runs) {
    if (!Number.isSafeInteger(run)) throw new TypeError(`not a run: ${run}`);
    for (const table of tables) await store.command(`ALTER TABLE ${table}${suffix}${on} DROP PARTITION ${run}`);
  }
}
