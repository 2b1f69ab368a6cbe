/**
 * What was stored since the last look. Looks overlap, because a row may become visible a little after the instant that it
 * carries; what was seen is remembered for as long as they do.
 */
import { type RowOf, readRows, writeInstant } from '../../core/row.ts';
import type { DetectionStore } from './port.ts';

/** How much two looks overlap: longer than any insert takes to become visible. */
const overlapMs = 60_000;

export interface Changes {
  /** Sources that brought something, each once. */
  readonly sources: readonly string[];
  /** Earliest instant at which any of it was planned. */
  readonly changedFrom: number;
  /** Latest instant at which any of it was planned. */
  readonly changedTo: number;
  /** Instant up to which everything is seen; to be given to `seen` when it is judged. */
  readonly mark: number;
  readonly keys: readonly (readonly [key: string, at: number])[];
}

export interface ChangeReader {
  look(): Promise<Changes>;
  /** The changes are judged and what was said of them is stored: they are not told again. */
  done(changes: Changes): void;
  mark(): number;
}

const columns = { source: 'text', change: 'text', at: 'instant', planned_at: 'instant', records: 'number' } as const;

type Change = RowOf<typeof columns>;

/** Most records judged in one look, so that a backlog is worked off in pieces of bounded memory. */
const mostRecords = 2_000_000;

/** The oldest of the changes, as many as hold `mostRecords`, at least one. */
function piece(fresh: readonly Change[]): readonly Change[] {
  let records = 0;
  const end = fresh.findIndex((change, at) => {
    records += change.records;
    return at > 0 && records > mostRecords;
  });
  return end === -1 ? fresh : fresh.slice(0, end);
}

/** @param from the mark to go on from; the overlap before it is looked at again */
export function createChangeReader(store: DetectionStore, tenant: string, from: number): ChangeReader {
  let mark = from;
  const seen = new Map<string, number>();
  return {
    async look() {
      const since = writeInstant(Math.max(0, mark - overlapMs));
      const read = readRows(columns, await store.rows('detect-changes', { tenant, since }, { timeoutMs: 10_000 }));
      if (!read.ok) throw new Error(`query detect-changes: ${read.error}`);
      const fresh = piece(read.rows.filter(({ source, change }) => !seen.has(`${source}/${change}`)));
      return {
        sources: [...new Set(fresh.map(({ source }) => source))],
        changedFrom: fresh.reduce((least, row) => Math.min(least, row.planned_at), Number.POSITIVE_INFINITY),
        changedTo: fresh.reduce((most, row) => Math.max(most, row.planned_at), Number.NEGATIVE_INFINITY),
        mark: fresh.reduce((most, { at }) => Math.max(most, at), mark),
        keys: fresh.map(({ source, change, at }) => [`${source}/${change}`, at] as const),
      };
    },
    done(changes) {
      for (const [key, at] of changes.keys) seen.set(key, at);
      mark = changes.mark;
      for (const [key, at] of seen) if (at < mark - overlapMs) seen.delete(key);
    },
    mark: () => mark,
  };
}
