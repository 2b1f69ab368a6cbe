/** The small reference data that enrichment holds in memory, read again when new rows arrived, replaced as a whole. */
import type { Logger } from 'pino';
import type { Reference } from '../../core/context.ts';
import { createReference } from '../../processors/index.ts';
import type { ReferenceRows } from '../../processors/reference.ts';
import type { Store } from '../../sql/store.ts';

/** Subscriptions held in memory; more are joined in SQL alone. */
const subscriptionLimit = 1_000_000;

export interface LiveReference {
  /** What holds now. Read it once per batch, not per record. */
  current(): Reference;
  /** Reads the tables again if rows arrived since; returns whether it did. */
  refresh(): Promise<boolean>;
}

interface Freshness {
  newest: string;
  total: string;
}

/** Loads the reference tables of a tenant. Empty tables give an empty reference. */
export async function openReference(store: Store, tenant: string, log: Logger): Promise<LiveReference> {
  let reference: Reference = createReference({});
  let mark = '';
  const refresh = async (): Promise<boolean> => {
    const [fresh] = await store.rows<Freshness>('reference-freshness', { tenant });
    const now = `${fresh?.newest}/${fresh?.total}`;
    if (now === mark) return false;
    mark = now;
    if (fresh === undefined || Number(fresh.total) === 0) return false;
    const rows: ReferenceRows = {
      partners: await store.rows('reference-partners', { tenant }),
      cells: await store.rows('reference-cells', { tenant }),
      prefix_zones: await store.rows('reference-prefix-zones', { tenant }),
      causes: await store.rows('reference-causes', { tenant }),
      subscriptions: await store.rows('reference-subscriptions', { tenant, limit: subscriptionLimit }, { timeoutMs: 120_000 }),
    };
    const built = createReference(rows, subscriptionLimit);
    if (built.subscriptionsLeftOut > 0) log.warn({ left_out: built.subscriptionsLeftOut }, 'more subscriptions than are held in memory');
    reference = built;
    log.info(
      {
        partners: rows.partners?.length,
        cells: rows.cells?.length,
        prefixes: rows.prefix_zones?.length,
        causes: rows.causes?.length,
        subscriptions: rows.subscriptions?.length,
      },
      'reference data loaded',
    );
    return true;
  };
  await refresh();
  return { current: () => reference, refresh };
}
