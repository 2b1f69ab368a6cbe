import { describe, expect, it } from 'vitest';
import { migrationsIn } from './migrate.ts';
import { renderMigration, splitStatements } from './render.ts';

const table = `-- What it is; for people.
CREATE TABLE weir.x{local} {on_cluster} (a Int8 COMMENT 'a; b''s -- c') ENGINE = {engine ReplacingMergeTree(v)} ORDER BY a SETTINGS {window};
DISTRIBUTED weir.x BY cityHash64(a, a);`;

describe('renderMigration', () => {
  it('is plain on one server', () => {
    expect(renderMigration(table)).toEqual([
      "CREATE TABLE weir.x (a Int8 COMMENT 'a; b''s -- c') ENGINE = ReplacingMergeTree(v) ORDER BY a SETTINGS non_replicated_deduplication_window = 10000",
    ]);
  });

  it('replicates and distributes on a cluster', () => {
    expect(renderMigration(table, "o'ne")).toEqual([
      "CREATE TABLE weir.x_local ON CLUSTER 'o''ne' (a Int8 COMMENT 'a; b''s -- c') ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', v) ORDER BY a SETTINGS replicated_deduplication_window = 10000",
      "CREATE TABLE IF NOT EXISTS weir.x ON CLUSTER 'o''ne' AS weir.x_local ENGINE = Distributed('o''ne', 'weir', 'x_local', cityHash64(a, a))",
    ]);
  });

  it('keeps brackets within an engine and takes one without', () => {
    expect(renderMigration('{engine SummingMergeTree((a, b))}; {engine MergeTree}')).toEqual(['SummingMergeTree((a, b))', 'MergeTree']);
  });

  it('leaves no placeholder in any migration, with a cluster or without', () => {
    for (const { text } of migrationsIn()) {
      for (const statement of renderMigration(text)) expect(statement).not.toMatch(/\{(local|on_cluster|engine|window)|DISTRIBUTED/);
      for (const statement of renderMigration(text, 'c')) {
        expect(statement).not.toMatch(/\{(local|on_cluster|engine|window)/);
        expect(statement).toContain("ON CLUSTER 'c'");
        // Every statement may be run again after an interruption; a setting set twice is the same, and so is a projection that is made once more.
        expect(statement).toMatch(
          /IF NOT EXISTS|CREATE OR REPLACE VIEW|CREATE OR REPLACE TABLE \S+ ON CLUSTER 'c' AS \S+_local ENGINE = Distributed|^ALTER TABLE \S+ ON CLUSTER 'c' (MODIFY SETTING|MATERIALIZE PROJECTION IF EXISTS)/,
        );
      }
    }
  });

  it('gives each table of a cluster its distributed twin', () => {
    const statements = migrationsIn().flatMap(({ text }) => renderMigration(text, 'c'));
    const local = statements.flatMap((statement) => /^CREATE TABLE IF NOT EXISTS weir\.(\w+)_local/.exec(statement)?.[1] ?? []);
    const twins = statements.flatMap((statement) => /^CREATE TABLE IF NOT EXISTS weir\.(\w+) ON CLUSTER 'c' AS/.exec(statement)?.[1] ?? []);
    expect(local.length).toBeGreaterThan(30);
    expect(twins).toEqual(local);
  });
});

describe('splitStatements', () => {
  it.each([
    ['SELECT 1', ['SELECT 1']],
    ['SELECT 1;\n;\n', ['SELECT 1']],
    ["SELECT ';' ; SELECT 2;", ["SELECT ';'", 'SELECT 2']],
    ["SELECT 'it''s;' ; SELECT `;`", ["SELECT 'it''s;'", 'SELECT `;`']],
    ["SELECT '\\';' ; SELECT 2", ["SELECT '\\';'", 'SELECT 2']],
    ["-- don't; stop\nSELECT 1 -- it's; fine\n+ 1; SELECT 2", ["SELECT 1 -- it's; fine\n+ 1", 'SELECT 2']],
    ['', []],
    ['-- only a comment', []],
  ])('%j', (text, statements) => {
    expect(splitStatements(text)).toEqual(statements);
  });
});
