/** Brings the database to the schema of this Weir. Migrations are numbered files; each runs once, and an applied one never changes. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WeirError } from '../core/errors.ts';
import { renderMigration } from './render.ts';
import type { Store } from './store.ts';

export interface Migration {
  readonly number: number;
  /** File name, e.g. `0001-records.sql`. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text, line ends made one. */
  readonly checksum: string;
}

export interface Migrated {
  /** Names of the migrations that ran now. */
  readonly applied: readonly string[];
  /** Number of the latest migration. */
  readonly version: number;
}

const directory = fileURLToPath(new URL('./migrations/', import.meta.url));

/** The migrations of this Weir, in order. */
export function migrationsIn(path: string = directory): readonly Migration[] {
  const names = readdirSync(path)
    .filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name))
    .sort();
  return names.map((name) => {
    const text = readFileSync(`${path}${path.endsWith('/') ? '' : '/'}${name}`, 'utf8').replaceAll('\r\n', '\n');
    return { number: Number(name.slice(0, 4)), name, text, checksum: createHash('sha256').update(text).digest('hex') };
  });
}

const ownTable = `CREATE TABLE IF NOT EXISTS weir.migrations{local} {on_cluster}
(
    number UInt32 COMMENT 'Number of the migration',
    name String COMMENT 'File name',
    checksum String COMMENT 'SHA-256 of the file as it was applied',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY number
SETTINGS {window}
COMMENT 'Migrations that were applied to this database.';
DISTRIBUTED weir.migrations BY number;`;

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Runs what is missing. Every statement says IF NOT EXISTS or sets a setting, so a migration that was interrupted, or that two
 * processes run at once, is simply run again.
 * Fails with `migration_changed` or `schema_newer` before anything is touched.
 */
export async function migrate(store: Store, migrations: readonly Migration[] = migrationsIn()): Promise<Migrated> {
  await store.createDatabase();
  for (const statement of renderMigration(ownTable, store.cluster)) await store.command(statement);
  const applied = await store.select<Applied>('SELECT DISTINCT number, name, checksum FROM weir.migrations ORDER BY number');
  checkApplied(applied, migrations);
  const done = new Set(applied.map(({ number }) => number));
  const names: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.number)) continue;
    for (const statement of renderMigration(migration.text, store.cluster)) await store.command(statement);
    const { number, name, checksum } = migration;
    await store.insert('migrations', [{ number, name, checksum }], `migration/${number}`);
    names.push(name);
  }
  return { applied: names, version: migrations.at(-1)?.number ?? 0 };
}

/** Refuses a database that this Weir did not make, or made from other files. */
export function checkApplied(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of applied) {
    const own = known.get(number);
    if (own === undefined) {
      throw new WeirError('schema_newer', `The database has migration ${name}, which this Weir does not know.`, {
        place: name,
        hint: 'Run the Weir that made it, or a newer one.',
      });
    }
    if (own.checksum !== checksum) {
      throw new WeirError('migration_changed', `Migration ${name} has changed since it was applied.`, {
        place: `sql/migrations/${own.name}`,
        hint: 'Put the file back and write a new migration for the change.',
      });
    }
  }
}
