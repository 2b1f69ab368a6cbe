import { describe, expect, it } from 'vitest';
import { storageType } from '../core/column.ts';
import { kinds, reject } from '../core/kinds/index.ts';
import { batchColumns } from './batch-columns.ts';
import { checkApplied, migrationsIn } from './migrate.ts';
import { renderMigration, splitStatements } from './render.ts';

const migrations = migrationsIn();
const statements = migrations.flatMap(({ text }) => renderMigration(text));

interface ColumnLine {
  readonly type: string;
  readonly comment: string;
}

/** The columns of the table as the migrations write them. */
function columnsOf(table: string): Record<string, ColumnLine> {
  const statement = statements.find((candidate) => candidate.startsWith(`CREATE TABLE IF NOT EXISTS weir.${table}\n`)) ?? '';
  const body = statement.slice(statement.indexOf('(\n') + 2, statement.indexOf('\n)\n'));
  return Object.fromEntries(
    body.split('\n').map((line) => {
      const match = /^\s+`(\w+)` (.+) COMMENT '((?:[^']|'')*)',?$/.exec(line);
      return [match?.[1] ?? line, { type: match?.[2] ?? '', comment: (match?.[3] ?? '').replaceAll("''", "'") }];
    }),
  );
}

describe('migrations', () => {
  it('are numbered without a gap', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });

  it.each([...kinds, reject].map((kind) => [kind.table, kind] as const))(
    'the table %s has the columns of its kind, types and comments alike',
    (table, kind) => {
      const own = Object.entries(kind.columns)
        .filter(([, { type }]) => type !== 'transient')
        .map(([name, { type, comment }]) => [name, { type: storageType(type), comment }]);
      const wanted: Record<string, ColumnLine> = { ...batchColumns, ...Object.fromEntries(own) };
      const written = columnsOf(table);
      if (kind === reject) {
        // A table of the ledger: the order of its columns and the wording of the batch columns are its own.
        const types = (columns: Record<string, ColumnLine>): string[] =>
          Object.entries(columns)
            .map(([name, { type }]) => `${name} ${type}`)
            .sort();
        expect(types(written)).toEqual(types(wanted));
      } else expect(Object.entries(written)).toEqual(Object.entries(wanted));
    },
  );

  it('comment every column of every table', () => {
    for (const statement of statements.filter((candidate) => candidate.startsWith('CREATE TABLE'))) {
      const body = statement.slice(statement.indexOf('(\n') + 2, statement.indexOf('\n)\n'));
      for (const line of body.split('\n')) expect(line).toMatch(/ COMMENT '.+',?$/);
    }
  });

  it('begin every key with the tenant and keep a deduplication window on every table', () => {
    // A table of the engine Null holds nothing: it hands its rows to views.
    for (const statement of statements.filter(
      (candidate) => candidate.startsWith('CREATE TABLE') && !candidate.includes('ENGINE = Null'),
    )) {
      expect(statement).toMatch(/\nORDER BY \(tenant, /);
      expect(statement).toContain('non_replicated_deduplication_window = 10000');
    }
  });

  it('have comments that hold one statement each, however they are punctuated', () => {
    for (const { text } of migrations)
      for (const statement of splitStatements(text)) expect(statement).toMatch(/^(CREATE|DISTRIBUTED|REDISTRIBUTED|ALTER|INSERT|DROP) /);
  });
});

describe('checkApplied', () => {
  const known = [{ number: 1, name: '0001-a.sql', text: '', checksum: 'x' }];

  it('accepts what was applied and what is missing', () => {
    expect(() => checkApplied([], known)).not.toThrow();
    expect(() => checkApplied([{ number: 1, name: '0001-a.sql', checksum: 'x' }], known)).not.toThrow();
  });

  it('refuses a changed migration', () => {
    expect(() => checkApplied([{ number: 1, name: '0001-a.sql', checksum: 'y' }], known)).toThrow(
      expect.objectContaining({ code: 'migration_changed' }),
    );
  });

  it('refuses a newer database', () => {
    expect(() => checkApplied([{ number: 2, name: '0002-b.sql', checksum: 'x' }], known)).toThrow(
      expect.objectContaining({ code: 'schema_newer' }),
    );
  });
});
