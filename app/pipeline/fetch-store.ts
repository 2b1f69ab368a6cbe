/** Stores what was fetched: small files together, others alone, each once, and remembers them. One at a time for a source. */
import type { Remote, RemoteFile } from '../../ingest/fetch/remote.ts';
import { discard, type Spooled } from '../../ingest/fetch/spool.ts';
import type { CompleteFile } from '../../ingest/file/watch.ts';
import { rememberFetched, signatureOf } from './fetch-log.ts';
import { groupBytes, groupFiles, type OpenGroup, openGroups, smallBytes, takeGroup } from './file-group.ts';
import { type FileResult, takeFile } from './file-job.ts';
import type { Pipeline, PipelineSource } from './pipeline.ts';
import { receiptsOf, type StandingReceipt } from './receipts.ts';

export interface FetchStoreOptions {
  readonly pipeline: Pipeline;
  readonly source: PipelineSource;
  readonly after: 'keep' | 'move' | 'delete';
  readonly moveTo: string | undefined;
  readonly sequencePattern: string | undefined;
  /** Files that are put away at once. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly onFile: (result: FileResult) => void;
  /** A stored file could not be moved or deleted over there. */
  readonly onLeft: (file: RemoteFile, error: Error) => void;
}

/** What one look brought. */
export interface Brought {
  files: number;
  bytes: number;
  rows: number;
  /** Column names of the file read last. */
  header: string;
}

export interface FetchStore {
  readonly taken: (file: RemoteFile) => boolean;
  /** Stores the files as they come. */
  store(files: AsyncIterable<Spooled>, remote: Remote): Promise<Brought>;
  /** After everything that is there was fetched: groups that can never be completed are taken file by file. */
  settle(remote: Remote): Promise<void>;
}

/** Reads what was taken before, and which groups a dead process left. */
export async function openFetchStore(options: FetchStoreOptions, known: Set<string>): Promise<FetchStore> {
  const { pipeline, source, signal } = options;
  const { tenant } = pipeline.settings;
  const receipts = new Map<string, StandingReceipt[]>();
  const keep = (receipt: StandingReceipt): void => {
    const list = receipts.get(receipt.sha256);
    if (list) list.push(receipt);
    else receipts.set(receipt.sha256, [receipt]);
  };
  for (const receipt of await receiptsOf(pipeline.store, tenant, source.name)) keep(receipt);
  const open: { readonly group: OpenGroup; readonly have: Map<string, Spooled> }[] = (await openGroups(pipeline, source)).map((group) => ({
    group,
    have: new Map<string, Spooled>(),
  }));
  let turn: Promise<unknown> = Promise.resolve();
  /** Places store in turn, file by file or group by group: a slow line holds up nobody but itself. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.catch(() => undefined).then(work);
    turn = next;
    return next;
  };

  const finish = async (done: readonly (readonly [Spooled, FileResult])[], remote: Remote, brought: Brought): Promise<void> => {
    if (done.length === 0) return;
    const takenAt = pipeline.clock.now();
    const putAway = options.after;
    const taken = done.map(([{ file, sha256 }, { state }]) => ({ file, sha256, state }));
    await rememberFetched(pipeline.store, { tenant, source: source.name, putAway, takenAt }, taken);
    for (const [{ file }, result] of done) {
      known.add(signatureOf(file));
      keep(result.receipt);
      brought.files++;
      brought.bytes += file.bytes;
      brought.rows += result.totals.read;
      if (result.header) brought.header = result.header;
      options.onFile(result);
    }
    await inParallel(options.parallel, done, async ([spooled]) => {
      await discard(spooled);
      await putAwayOver(spooled.file, remote);
    });
  };

  const putAwayOver = async (file: RemoteFile, remote: Remote): Promise<void> => {
    if (options.after === 'keep') return;
    await remote.putAway(file, { after: options.after, moveTo: options.moveTo }).catch((error: Error) => options.onLeft(file, error));
  };

  const alone = async (spooled: Spooled, remote: Remote, brought: Brought): Promise<boolean> => {
    const result = await takeFile(pipeline, {
      source,
      file: localOf(spooled),
      spooled: spooled.sha256,
      receipts: receipts.get(spooled.sha256) ?? [],
      signal,
      ...(options.sequencePattern ? { sequencePattern: options.sequencePattern } : {}),
    });
    if (result.state === 'interrupted') return false;
    await finish([[spooled, result]], remote, brought);
    return true;
  };

  const together = async (small: readonly Spooled[], remote: Remote, brought: Brought, again?: OpenGroup): Promise<boolean> => {
    if (small.length === 0) return true;
    const results =
      small.length === 1 && !again
        ? new Map<string, FileResult>()
        : await takeGroup(
            pipeline,
            source,
            small.map((spooled) => ({ file: localOf(spooled), sha256: spooled.sha256 })),
            {
              receipts: small.flatMap(({ sha256 }) => receipts.get(sha256) ?? []),
              sequencePattern: options.sequencePattern,
              ...(again ? { again } : {}),
            },
          );
    const done: [Spooled, FileResult][] = [];
    const left: Spooled[] = [];
    for (const spooled of small) {
      const result = results.get(spooled.sha256);
      // Of two with the same content one is in the group; the other comes again.
      if (result && results.delete(spooled.sha256)) done.push([spooled, result]);
      else left.push(spooled);
    }
    await finish(done, remote, brought);
    for (const spooled of left) if (!(await alone(spooled, remote, brought))) return false;
    return true;
  };

  /** A file of a group that is to be sent again waits for the others of it. Returns whether it was one. */
  const heldBack = async (spooled: Spooled, remote: Remote, brought: Brought): Promise<boolean> => {
    const at = open.findIndex(({ group, have }) => group.members.has(spooled.sha256) && !have.has(spooled.sha256));
    const entry = open[at];
    if (!entry) return false;
    entry.have.set(spooled.sha256, spooled);
    if (entry.have.size === entry.group.members.size) {
      open.splice(at, 1);
      await together([...entry.have.values()], remote, brought, entry.group);
    }
    return true;
  };

  const storeAll = async (files: AsyncIterable<Spooled>, remote: Remote): Promise<Brought> => {
    const brought: Brought = { files: 0, bytes: 0, rows: 0, header: '' };
    let small: Spooled[] = [];
    let smallSum = 0;
    const flush = async (): Promise<boolean> => {
      const group = small;
      small = [];
      smallSum = 0;
      return exclusive(() => together(group, remote, brought));
    };
    try {
      for await (const spooled of files) {
        if (signal.aborted) return brought;
        if (open.length > 0 && (await exclusive(() => heldBack(spooled, remote, brought)))) continue;
        if (spooled.file.bytes > 0 && spooled.file.bytes <= smallBytes) {
          small.push(spooled);
          smallSum += spooled.file.bytes;
          if (small.length < groupFiles && smallSum < groupBytes) continue;
          if (!(await flush())) return brought;
        } else if (!(await flush()) || !(await exclusive(() => alone(spooled, remote, brought)))) return brought;
      }
    } catch (error) {
      // What was fetched before the connection was lost is stored all the same.
      if (!signal.aborted) await flush();
      throw error;
    }
    if (!signal.aborted) await flush();
    return brought;
  };

  return {
    taken: (file) => known.has(signatureOf(file)),
    store: storeAll,
    settle: (remote) => (open.length === 0 ? Promise.resolve() : exclusive(() => settleAll(remote))),
  };

  async function settleAll(remote: Remote): Promise<void> {
    for (const { group, have } of open.splice(0)) {
      if (have.size < group.members.size && (await arrived(group))) {
        // The records are there; their files are not, so that nothing can be sent again: the ledger keeps the plan, for a person to see.
        continue;
      }
      const brought: Brought = { files: 0, bytes: 0, rows: 0, header: '' };
      for (const spooled of have.values()) await alone(spooled, remote, brought);
    }
  }

  async function arrived(group: OpenGroup): Promise<boolean> {
    const partitions = [...group.members].map((sha256) => `sha256:${sha256}`);
    const rows = await pipeline.store.select(
      `SELECT 1 FROM ${source.kind.table} WHERE tenant = {tenant:String} AND source = {source:String} AND partition IN {partitions:Array(String)} LIMIT 1`,
      { tenant, source: source.name, partitions },
    );
    return rows.length > 0;
  }
}

const localOf = ({ file, path }: Spooled): CompleteFile => ({
  path,
  name: file.name,
  bytes: file.bytes,
  modifiedAt: file.modifiedAt,
});

async function inParallel<T>(most: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, runner));
}
