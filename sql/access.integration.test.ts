/** What an analyst cannot do on a real server. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClickHouse } from '../test/clickhouse.ts';
import { type Analyst, analyst } from './analyst.ts';

describe('an analyst', () => {
  const clickhouse = withClickHouse();
  let person: Analyst;
  beforeAll(() => {
    person = analyst({ url: clickhouse.server.url, password: clickhouse.server.credentials.analyst });
  });
  afterAll(() => person.close());

  it.each([
    'SELECT count() AS n FROM usage',
    'SELECT * FROM accounting',
    'SELECT * FROM batches_latest',
    'SELECT * FROM rejections',
    'SELECT reason, count() FROM rejects GROUP BY reason',
    'SELECT * FROM tariffs_current',
    'SELECT * FROM incident_latest',
    'DESCRIBE TABLE usage',
    "SELECT name, comment FROM system.columns WHERE database = 'weir' LIMIT 3",
    'WITH 1 AS a SELECT a;',
  ])('may ask %s', async (sql) => {
    const { columns } = await person.ask(sql);
    expect(columns.length).toBeGreaterThan(0);
  });

  it('gets columns, types and rows', async () => {
    expect(await person.ask('SELECT toUInt64(18446744073709551615) AS a, {b:String} AS b', { params: { b: "it's" } })).toEqual({
      columns: [
        { name: 'a', type: 'UInt64' },
        { name: 'b', type: 'String' },
      ],
      rows: [['18446744073709551615', "it's"]],
    });
  });

  it('gets text piece by piece', async () => {
    let text = '';
    for await (const piece of await person.stream('SELECT number FROM numbers(3);', 'CSVWithNames')) text += Buffer.from(piece).toString();
    expect(text).toBe('"number"\n0\n1\n2\n');
  });

  it.each([
    "INSERT INTO usage (tenant) VALUES ('x')",
    'CREATE TABLE weir.mine (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE mine (a UInt8)',
    'DROP TABLE usage',
    'ALTER TABLE usage DELETE WHERE 1',
    'TRUNCATE TABLE usage',
    'OPTIMIZE TABLE usage',
    'SYSTEM STOP MERGES',
    'KILL QUERY WHERE 1',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1', weir.rejects)",
    "SELECT * FROM executable('id', 'LineAsString', 'a String')",
    "SELECT * FROM merge('weir', '^rejects$')",
    'SELECT * FROM system.users',
    'SELECT * FROM system.processes',
    'SELECT * FROM audit',
    'SELECT * FROM claims',
    'SELECT bytes FROM rejects',
    'SELECT * FROM rejects',
    'SELECT length(bytes) FROM rejects',
    "SELECT count() FROM rejects WHERE bytes LIKE '1%'",
    'SELECT 1 SETTINGS readonly = 0',
    'SELECT 1 SETTINGS max_execution_time = 0',
    'SET readonly = 0',
    'SELECT count() FROM numbers(1e12)',
    'SELECT 1; DROP TABLE usage',
    'SELEC 1',
  ])('is refused %s', async (sql) => {
    await expect(person.ask(sql)).rejects.toMatchObject({ code: 'query_refused' });
  });

  it('cannot write a file', async () => {
    const path = join(clickhouse.directory, 'out.csv');
    await expect(person.ask(`SELECT 1 INTO OUTFILE '${path}'`)).rejects.toMatchObject({ code: 'query_refused' });
    expect(existsSync(path)).toBe(false);
  });
});
