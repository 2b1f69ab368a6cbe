/** The days before watching begins: stored and learned once, kept for the next run of the same world where a directory is given. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDetection } from '../../app/detect/start.ts';
import { referenceFiles, type World } from '../../simulator/index.ts';
import { migrate } from '../../sql/migrate.ts';
import { startServer } from '../../sql/server/start.ts';
import { connect, type Store } from '../../sql/store.ts';
import { openPlant } from './plant.ts';

const day = 86_400_000;

export interface HistoryOptions {
  readonly world: World;
  /** First instant of the history and of what is watched: ms, midnights UTC. */
  readonly from: number;
  readonly begin: number;
  /** A directory of one's own that keeps it; without it nothing is kept. */
  readonly keep?: string;
  /** The directory of the data; default: a new one. */
  readonly into?: string;
  readonly onProgress: (text: string) => void;
}

export interface History {
  /** A directory of data that is the caller's, to be removed. */
  readonly directory: string;
  /** Numbers of the last files. */
  readonly sequences: Readonly<Record<string, number>>;
}

/** Runs work over a database in a directory. */
export async function withStore<T>(directory: string, work: (store: Store, pid: () => number) => Promise<T>): Promise<T> {
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    return await work(store, server.pid);
  } finally {
    await store.close();
    await server.stop();
  }
}

export async function historyOf(options: HistoryOptions): Promise<History> {
  const { world, from, begin, keep, onProgress } = options;
  const { seed, subscribers, eventsPerDay, pons, ontsPerPon, statusMinutes } = world;
  const name = JSON.stringify({ seed, subscribers, eventsPerDay, pons, ontsPerPon, statusMinutes, from, begin });
  const own = options.into ?? mkdtempSync(join(tmpdir(), 'weir-service-'));
  if (options.into) rmSync(own, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  const note = keep === undefined ? '' : join(keep, 'history.json');
  if (note !== '' && existsSync(note)) {
    const known = JSON.parse(readFileSync(note, 'utf8')) as { name: string; sequences: Record<string, number> };
    if (known.name === name) {
      cpSync(join(keep!, 'data'), own, { recursive: true });
      onProgress('history is there');
      return { directory: own, sequences: known.sequences };
    }
  }
  const sequences = await withStore(own, (store) => stored(options, store, join(own, 'in')));
  if (keep !== undefined) {
    rmSync(join(keep, 'data'), { recursive: true, force: true });
    mkdirSync(keep, { recursive: true });
    cpSync(own, join(keep, 'data'), { recursive: true });
    writeFileSync(note, JSON.stringify({ name, sequences }));
  }
  return { directory: own, sequences };
}

async function stored({ world, from, begin, onProgress }: HistoryOptions, store: Store, inbox: string): Promise<Record<string, number>> {
  const plant = await openPlant({ store, world, inbox, from, scenarios: [] });
  for (const file of referenceFiles(world, from - 30 * day)) await plant.take(file);
  await plant.refresh();
  for (let at = from + day; at <= begin; at += day) await plant.step(at, true);
  onProgress(`history of ${(begin - from) / day} days is stored`);
  const failed: string[] = [];
  const note = (fields: object, message: string): void => void failed.push(`${message}: ${JSON.stringify(fields)}`);
  const detection = await startDetection({
    ...{ store, clock: plant.clock, settings: plant.settings, everyMs: 0, seriesMs: 900_000 },
    log: { info: () => undefined, warn: note, error: note },
    definitions: [],
    onFindings: () => undefined,
  });
  await detection.tick();
  await detection.stop();
  if (failed.length > 0) throw new Error(failed[0]);
  onProgress(`${detection.series().reduce((sum, { part }) => sum + part.state.nodes.size, 0)} series have learned it`);
  return plant.sequences();
}
