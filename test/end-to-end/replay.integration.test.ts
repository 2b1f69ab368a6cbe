/** Rejected records after their format was put right: sent through again, killed half-way, sent again; each is stored exactly once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { expectRollupsEqualBase } from '../support/proof.ts';
import { withRunningWeir } from '../support/running.ts';
import { numberPrefix } from '../support/usage-file.ts';
import { program, weir } from '../support/weir.ts';

const clickhouse = withRunningWeir();
const settingsFile = join(clickhouse.directory, 'weir.yaml');
const count = 6000;

const settings = (time: string): string => `
ingest: { batchRecords: 1000 }
sources:
  switch:
    type: file
    directory: ${clickhouse.directory}
    pattern: '*.cdr'
    mapping:
      format: csv
      kind: usage
      header: true
      constants: { leg: switch, service: voice }
      columns: { subscriber_number: a, start_time: { from: at, time: '${time}' }, duration_seconds: { from: s, unit: s }, session_id: id }
`;

const options = ['--data', clickhouse.directory, '--config', settingsFile];

async function replay(): Promise<{ replayed: number; stored: number; rejected: number; dropped: number }> {
  const { stdout, stderr } = await weir(['rejects', 'replay', '--source', 'switch', '--json', ...options]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Awaited<ReturnType<typeof replay>>;
}

async function one<T>(sql: string): Promise<T> {
  return (await clickhouse.store.select<T>(sql))[0] as T;
}

it('stores the rejected records exactly once, however often it is killed and repeated', { timeout: 300_000 }, async () => {
  writeFileSync(settingsFile, settings('YYYY-MM-DD hh:mm:ss'));
  let text = 'a,at,s,id\n';
  for (let i = 0; i < count; i++) {
    const clock = `${String(Math.floor(i / 3600)).padStart(2, '0')}:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
    // Every record but each hundredth has a time that the first format does not know; each thousandth is broken for good.
    const time = i % 1000 === 999 ? 'never' : i % 100 === 0 ? `2026-10-01 ${clock}` : `01.10.2026 ${clock}`;
    text += `${numberPrefix}${i},${time},30,r${i}\n`;
  }
  writeFileSync(join(clickhouse.directory, 'a.cdr'), text);
  const taken = await weir(['ingest', join(clickhouse.directory, 'a.cdr'), '--source', 'switch', '--json', ...options]);
  expect(JSON.parse(taken.stdout)).toMatchObject({ files: [{ read: count + 1, stored: 60, rejected: count - 60, dropped: 1 }] });

  writeFileSync(settingsFile, settings('DD.MM.YYYY hh:mm:ss'));
  // Killed twice with a part of it stored.
  for (const part of [1500, 3500]) {
    const child = spawn(process.execPath, [program, 'rejects', 'replay', '--source', 'switch', ...options], { stdio: 'ignore' });
    const gone = once(child, 'exit');
    const deadline = Date.now() + 60_000;
    while (Number((await one<{ n: string }>('SELECT count() AS n FROM weir.usage')).n) < part && Date.now() < deadline) await sleep(2);
    child.kill('SIGKILL');
    await gone;
  }
  const half = await one<{ n: string }>('SELECT count() AS n FROM weir.usage');
  expect(Number(half.n)).toBeLessThan(count - 6);
  await replay();
  const rows = await one<{ n: string; ids: string; sessions: string }>(
    'SELECT count() AS n, uniqExact(record_id) AS ids, uniqExact(session_id) AS sessions FROM weir.usage',
  );
  expect(rows).toEqual({ n: String(count - 6), ids: String(count - 6), sessions: String(count - 6) });

  // What is broken for good is rejected again and again, and nothing else changes.
  expect(await replay()).toMatchObject({ replayed: 6, stored: 0, rejected: 6 });
  expect((await one<{ n: string }>('SELECT count() AS n FROM weir.usage')).n).toBe(String(count - 6));
  await expectRollupsEqualBase(clickhouse.store);
  const accounting = await weir(['accounting', '--json', ...options]);
  expect(JSON.parse(accounting.stdout)).toMatchObject({ balanced: true, sources: [{ source: 'switch', in_flight: '0' }] });
  expect(accounting.code).toBe(0);
});
