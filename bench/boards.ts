/**
 * `npm run bench -- boards [--records 50000000] [--rounds 3] [--board UID] [--directory D]`: every variable, annotation and panel of every board through the
 * shipped plugin against the real API, over so many stored records of a month: one question after the other, then each board whole with all its questions at
 * once, as a browser asks. Told: the slowest of each board and the processor time of ClickHouse and the API for it, as the middle of the rounds, and the worst of
 * all rounds (the first finds nothing in memory); on a busy machine the clock tells little. What is made in a directory is kept there and used again.
 */
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WeirError } from '../core/errors.ts';
import { fileOf, folder } from '../dashboards/boards/generate.ts';
import { boards } from '../dashboards/boards/index.ts';
import type { Store } from '../sql/store.ts';
import { type BoardJson, runBoard } from '../test/support/board-run.ts';
import { startOperator } from '../test/support/operator.ts';
import { loadPlugin, pluginBuild, pluginPackages } from '../test/support/plugin.ts';
import { cpuSeconds } from './process.ts';

/** What a panel and a board may take, ms. */
const panelMs = 300;
const boardMs = 1500;
/** The source of the copies. */
const copies = 'bench';

export async function benchBoards(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      records: { type: 'string', default: '50000000' },
      rounds: { type: 'string', default: '3' },
      directory: { type: 'string' },
      board: { type: 'string' },
    },
  });
  const [records, rounds] = [Number(values.records), Number(values.rounds)];
  if (!(records >= 0) || !(rounds >= 1)) throw new WeirError('usage', '--records wants a number, --rounds one from 1');
  pluginPackages();
  const dist = pluginBuild();
  const operator = await startOperator({
    ...(values.directory === undefined ? {} : { directory: values.directory }),
    said: (step, tookMs) => console.error(`  ${step}: ${(tookMs / 1000).toFixed(1)} s`),
  });
  try {
    const { store } = operator.clickhouse;
    const begun = performance.now();
    await multiply(store, records);
    const [counted] = await store.select<{ usage: string; minute: string; hour: string }>(
      'SELECT (SELECT count() FROM weir.usage) AS usage, (SELECT count() FROM weir.usage_minute) AS minute, (SELECT count() FROM weir.usage_hour) AS hour',
    );
    console.log(
      `${Number(counted?.usage).toLocaleString('en')} usage records, ${Number(counted?.minute).toLocaleString('en')} rows by minute, ${Number(counted?.hour).toLocaleString('en')} by hour (written in ${((performance.now() - begun) / 1000).toFixed(0)} s)`,
    );
    const plugin = loadPlugin(dist, operator.url, operator.token);
    const server = operator.clickhouse.server.pid();
    const cpuMs = (): number => cpuSeconds(server) * 1000 + (process.cpuUsage().user + process.cpuUsage().system) / 1000;
    console.log('\nBOARD                 QUESTIONS  SLOWEST ms   WORST  CPU ms  WHOLE ms   WORST  CPU ms  SLOWEST QUESTION');
    let over = 0;
    for (const { uid } of boards.filter((board) => board.uid.includes(values.board ?? ''))) {
      const board = JSON.parse(readFileSync(join(folder, fileOf({ uid })), 'utf8')) as BoardJson;
      const alone: Map<string, { took: number; cpu: number }[]> = new Map();
      const whole: { took: number; cpu: number }[] = [];
      const failed = new Set<string>();
      for (let round = 0; round < rounds; round++) {
        for (const { kind, name, tookMs, cpuMs: cpu, answer } of await runBoard(plugin, board, operator.to, { cpuMs })) {
          const key = `${kind} ${name}`;
          alone.set(key, [...(alone.get(key) ?? []), { took: tookMs, cpu }]);
          for (const { message } of answer.errors ?? []) failed.add(`${key}: ${message}`);
        }
        const [started, used] = [performance.now(), cpuMs()];
        await runBoard(plugin, board, operator.to, { atOnce: true });
        whole.push({ took: performance.now() - started, cpu: cpuMs() - used });
      }
      const middles = [...alone].map(([key, all]) => [key, middleOf(all)] as const).sort(([, a], [, b]) => b.took - a.took);
      const [slowest, one] = middles[0] ?? ['', { took: 0, cpu: 0 }];
      const all = middleOf(whole);
      if (one.took > panelMs || all.took > boardMs) over++;
      const worstOf = (runs: readonly { took: number }[]): number => Math.max(...runs.map(({ took }) => took));
      const worst = Math.max(...[...alone.values()].map(worstOf));
      const figures = [alone.size, one.took, worst, one.cpu, all.took, worstOf(whole), all.cpu].map((figure, at) =>
        figure.toFixed(0).padStart([9, 12, 8, 8, 10, 8, 8][at]!),
      );
      console.log(`${uid.padEnd(22)}${figures.join('')}  ${slowest}`);
      for (const [key, { took, cpu }] of middles.slice(1))
        if (took > panelMs)
          console.log(`${' '.repeat(31)}${took.toFixed(0).padStart(12)}${cpu.toFixed(0).padStart(16)}${' '.repeat(28)}${key}`);
      for (const text of failed) console.log(`    failed: ${text}`);
    }
    console.log(`load average ${loadavg()[0]?.toFixed(1)}`);
    console.log(`\n${over} of ${boards.length} boards above ${panelMs} ms a question or ${boardMs} ms as a whole`);
  } finally {
    await operator.stop();
  }
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const middleOf = (all: readonly { readonly took: number; readonly cpu: number }[]): { took: number; cpu: number } => ({
  took: middle(all.map(({ took }) => took)),
  cpu: middle(all.map(({ cpu }) => cpu)),
});

/**
 * Multiplies the records of the simulated operator inside ClickHouse, through the real views: each copy with customers, cells and an instant of its own, every
 * second one two weeks earlier. One day after the other, as records come.
 */
async function multiply(store: Store, records: number): Promise<void> {
  const days = await store.select<{ day: string; own: string }>(
    `SELECT toDate(start_time) AS day, count() AS own FROM weir.usage WHERE source != '${copies}' GROUP BY day ORDER BY day`,
  );
  const all = days.reduce((sum, { own }) => sum + Number(own), 0);
  const [made] = await store.select<{ times: string }>(
    `SELECT if(count() = 0, 0, max(toUInt32(partition)) + 1) AS times FROM weir.usage WHERE source = '${copies}'`,
  );
  const [had, times] = [Number(made?.times), Math.max(0, Math.ceil(records / all) - 1)];
  const shifted = (name: string): string =>
    `if(toUnixTimestamp(own.${name}) = 0, own.${name}, own.${name} - toIntervalDay(14 * (copy % 2)) - toIntervalSecond(cityHash64(copy, own.subscriber) % 1800)) AS ${name}`;
  for (const { day } of times > had ? days : []) {
    const began = performance.now();
    await store.command(`
      INSERT INTO weir.usage
      SELECT * EXCEPT copy REPLACE (
        '${copies}' AS source, toString(copy) AS partition, generateUUIDv4() AS record_id, now64(3) AS ingest_time,
        if(own.subscriber = 0, 0, cityHash64(own.subscriber, copy)) AS subscriber,
        if(own.business_key = 0, 0, cityHash64(own.business_key, copy)) AS business_key,
        if(own.cell = '', '', concat(own.cell, '-', toString(copy % 40))) AS cell,
        ${['start_time', 'answer_time', 'end_time'].map(shifted).join(', ')})
      FROM (SELECT * FROM weir.usage WHERE source != '${copies}' AND toDate(start_time) = '${day}') AS own ARRAY JOIN range(${had}, ${times}) AS copy
      SETTINGS optimize_on_insert = 0, max_threads = 1, max_insert_threads = 1, max_block_size = 4096`);
    console.error(`  ${day}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}
