/** What fetching leaves behind in the database: which files were taken, and how each look or run went. */
import { randomUUID } from 'node:crypto';
import type { RemoteFile } from '../../ingest/fetch/remote.ts';
import type { Store } from '../../sql/store.ts';
import { isoMillis } from './ledger.ts';

/** How one look or one run went. Times in ms since 1970. */
export interface Fetch {
  readonly source: string;
  readonly place: string;
  readonly type: 'sftp' | 's3' | 'sql';
  readonly dueAt: number;
  readonly nextDueAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly state: 'ok' | 'failed';
  readonly code?: string;
  readonly error?: string;
  readonly files?: number;
  readonly bytes?: number;
  readonly rows?: number;
  readonly added?: number;
  readonly changed?: number;
  readonly removed?: number;
  readonly columns?: readonly string[];
  readonly aheadMs?: number;
}

/** Columns of a wide table that are kept, and characters of an error. */
const mostColumns = 1024;
const mostCharacters = 500;

export async function writeFetch(store: Store, tenant: string, fetch: Fetch): Promise<void> {
  const { source, place, startedAt, state } = fetch;
  await store.insert(
    'fetches',
    [
      {
        tenant,
        source,
        place,
        type: fetch.type,
        due_at: isoMillis(fetch.dueAt),
        next_due_at: isoMillis(fetch.nextDueAt),
        started_at: isoMillis(startedAt),
        finished_at: isoMillis(fetch.finishedAt),
        state,
        code: fetch.code ?? '',
        error: (fetch.error ?? '').slice(0, mostCharacters),
        files: fetch.files ?? 0,
        bytes: fetch.bytes ?? 0,
        rows: fetch.rows ?? 0,
        added: fetch.added ?? 0,
        changed: fetch.changed ?? 0,
        removed: fetch.removed ?? 0,
        columns: (fetch.columns ?? []).slice(0, mostColumns),
        clock_ahead_ms: Math.round(fetch.aheadMs ?? 0),
      },
    ],
    // Each attempt is a row of its own; the insert itself is tried again under its token.
    `${tenant}/${source}/${randomUUID()}`,
  );
}

/** What tells a file over there from every other without reading it. */
export const signatureOf = (file: Pick<RemoteFile, 'url' | 'bytes' | 'modifiedAt' | 'version'>): string =>
  `${file.url}\n${file.bytes}\n${file.modifiedAt}\n${file.version}`;

/** Signatures of all files of a source that were taken. */
export async function fetchedOf(store: Store, tenant: string, source: string): Promise<Set<string>> {
  const rows = await store.rows<{ url: string; bytes: string; modified_ms: string; version: string }>('fetched-of-source', {
    tenant,
    source,
  });
  return new Set(
    rows.map((row) => signatureOf({ url: row.url, bytes: Number(row.bytes), modifiedAt: Number(row.modified_ms), version: row.version })),
  );
}

export interface Taken {
  readonly file: RemoteFile;
  readonly sha256: string;
  readonly state: string;
}

/** Remembers files; the same ones again change nothing. */
export async function rememberFetched(
  store: Store,
  of: { tenant: string; source: string; putAway: string; takenAt: number },
  taken: readonly Taken[],
): Promise<void> {
  const first = taken[0];
  if (!first) return;
  await store.insert(
    'fetched',
    taken.map(({ file, sha256, state }) => ({
      tenant: of.tenant,
      source: of.source,
      url: file.url,
      bytes: file.bytes,
      modified_at: isoMillis(file.modifiedAt),
      version: file.version,
      sha256,
      state,
      put_away: of.putAway,
      taken_at: isoMillis(of.takenAt),
    })),
    `${of.tenant}/${of.source}/${signatureOf(first.file)}/${taken.length}/${of.takenAt}`,
  );
}
