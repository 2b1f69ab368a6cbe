/** What every command needs first: which data directory, which settings, and how to print. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../core/settings/index.ts';
import { migrate } from '../../sql/migrate.ts';
import type { Store } from '../../sql/store.ts';
import { type ClickHouse, openClickHouse, ownerStore } from '../clickhouse.ts';
import { type DataDirectory, openDataDirectory, runningWeir } from '../data-directory.ts';
import { demoSettings } from '../demo/settings.ts';
import { loadSettings } from '../settings/load.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly data?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export interface Workplace {
  readonly directory: DataDirectory;
  readonly settings: Settings;
  readonly demo: boolean;
  /** The settings file, if there is one. */
  readonly file: string | undefined;
}

const ownData = './data';
const demoData = './data/demo';

/**
 * The data directory and its settings. `--data` and `--config` decide; else `weir.yaml` in this directory with `./data`; else whichever
 * Weir runs, own data first; else own data if there is any, then the demo's.
 */
export async function workplace(options: CommonOptions, wanted: 'any' | 'own' = 'any'): Promise<Workplace> {
  const file = options.config ?? (existsSync('weir.yaml') ? 'weir.yaml' : undefined);
  const path = options.data ?? process.env['WEIR_DATA'] ?? defaultData(file, wanted);
  const directory = openDataDirectory(path);
  const demo = file === undefined && isDemo(path);
  const settings = demo ? await demoSettings(directory, process.env) : loadSettings(file, process.env);
  return { directory, settings, demo, file };
}

function defaultData(file: string | undefined, wanted: 'any' | 'own'): string {
  if (file !== undefined || wanted === 'own') return ownData;
  if (runningWeir(ownData)) return ownData;
  if (runningWeir(demoData)) return demoData;
  return existsSync(join(ownData, 'clickhouse')) || !existsSync(join(demoData, 'clickhouse')) ? ownData : demoData;
}

/** A demo directory says so itself. */
export const isDemo = (path: string): boolean => existsSync(join(path, 'demo.json')) || runningWeir(path)?.demo === true;

export interface OpenStore extends Workplace {
  readonly clickhouse: ClickHouse;
  readonly store: Store;
}

/** Opens the store of a workplace: that of the Weir that runs there, else a server of our own for as long as `work` takes. */
export async function withStore<T>(place: Workplace, work: (open: OpenStore) => Promise<T>): Promise<T> {
  const clickhouse = await openClickHouse(place.settings, place.directory);
  const store = ownerStore(clickhouse.owner, place.settings);
  try {
    if (clickhouse.how !== 'attached') await migrate(store);
    return await work({ ...place, clickhouse, store });
  } finally {
    await store.close();
    await clickhouse.stop();
  }
}
