/**
 * Migrations are written once for a single server and for a cluster. The placeholders:
 *
 * | in the file | one server | cluster `c` |
 * |---|---|---|
 * | `weir.x{local}` | `weir.x` | `weir.x_local` |
 * | `{on_cluster}` | nothing | `ON CLUSTER 'c'` |
 * | `{engine MergeTree}` | `MergeTree` | `ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')` |
 * | `{engine ReplacingMergeTree(v)}` | `ReplacingMergeTree(v)` | the same with `, v` |
 * | `{window}` | `non_replicated_deduplication_window = 10000` | `replicated_deduplication_window = 10000` |
 * | `DISTRIBUTED weir.x BY expr;` | nothing | `CREATE TABLE … weir.x … ENGINE = Distributed('c', 'weir', 'x_local', expr)` |
 * | `REDISTRIBUTED weir.x BY expr;` | nothing | the same in the place of the one that there is: new columns, another key |
 */

/** Inserts whose tokens a table remembers: far more than one session can have unanswered. */
export const deduplicationWindow = 10_000;

/**
 * The statements of a migration, ready to run.
 * @param cluster name of the cluster, undefined = one server
 * @example renderMigration('CREATE TABLE weir.x{local} (a Int8) ENGINE = {engine MergeTree} ORDER BY a;') // ['CREATE TABLE weir.x (a Int8) ENGINE = MergeTree ORDER BY a']
 */
export function renderMigration(text: string, cluster?: string): string[] {
  return splitStatements(text).flatMap((statement) => renderStatement(statement, cluster));
}

function renderStatement(statement: string, cluster: string | undefined): string[] {
  const distributed = /^(RE)?DISTRIBUTED\s+(\w+)\.(\w+)\s+BY\s+(.+)$/s.exec(statement);
  const name = cluster?.replaceAll("'", "''");
  if (distributed) {
    if (name === undefined) return [];
    const [, again, database, table, key] = distributed;
    const create = again ? 'CREATE OR REPLACE TABLE' : 'CREATE TABLE IF NOT EXISTS';
    return [
      `${create} ${database}.${table} ON CLUSTER '${name}' AS ${database}.${table}_local ENGINE = Distributed('${name}', '${database}', '${table}_local', ${key})`,
    ];
  }
  const window = `${name === undefined ? 'non_replicated' : 'replicated'}_deduplication_window = ${deduplicationWindow}`;
  return [
    statement
      .replaceAll('{local}', name === undefined ? '' : '_local')
      .replaceAll(/ ?\{on_cluster\}/g, name === undefined ? '' : ` ON CLUSTER '${name}'`)
      .replaceAll('{window}', window)
      .replaceAll(/\{engine (\w+)(?:\((.*)\))?\}/g, (_, engine: string, argument: string | undefined) =>
        engineOf(engine, argument, name !== undefined),
      ),
  ];
}

function engineOf(engine: string, argument: string | undefined, replicated: boolean): string {
  if (!replicated) return argument === undefined ? engine : `${engine}(${argument})`;
  const place = `'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`;
  return `Replicated${engine}(${argument === undefined ? place : `${place}, ${argument}`})`;
}

/**
 * Statements of a script, without comments of their own lines and closing semicolons. Semicolons within quotes do not end one.
 * @example splitStatements("SELECT ';'; -- b\nSELECT 2") // ["SELECT ';'", '-- b\nSELECT 2']
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === "'" || character === '`' || character === '"') at = endOfQuote(text, at);
    else if (character === '-' && text[at + 1] === '-') at = endOfLine(text, at);
    else if (character === ';' || at >= text.length) {
      const statement = withoutCommentLines(text.slice(start, at));
      if (statement !== '') statements.push(statement);
      start = at + 1;
    }
  }
  return statements;
}

function withoutCommentLines(statement: string): string {
  return statement.replaceAll(/^(\s*--[^\n]*(\n|$))+/g, '').trim();
}

function endOfQuote(text: string, open: number): number {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length - 1 : end;
}
