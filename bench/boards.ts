/**
 * `npm run bench -- boards [--records 50000000] [--rounds 3]`: every variable, annotation and panel of every board through the shipped plugin against the
 * real API, over so many stored records of five weeks: one question after the other, then each board whole with all its questions at once, as a
 * browser asks. Told: the slowest of each board, as the middle of the rounds.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WeirError } from '../core/errors.ts';
import { fileOf, folder } from '../dashboards/boards/generate.ts';
import { boards } from '../dashboards/boards/index.ts';
import type { Store } from '../sql/store.ts';
import { type BoardJson, runBoard } from '../test/support/board-run.ts';
import { startOperator } from '../test/support/operator.ts';
import { loadPlugin, pluginBuild, pluginPackages } from '../test/support/plugin.ts';

/** What a panel and a board may take, ms. */
const panelMs = 300;
const boardMs = 1500;
/** Records of one insert. */
const chunk = 2_000_000;
const days = 35;

export async function benchBoards(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { records: { type: 'string', default: '50000000' }, rounds: { type: 'string', default: '3' } },
  });
  const [records, rounds] = [Number(values.records), Number(values.rounds)];
  if (!(records >= 0) || !(rounds >= 1)) throw new WeirError('usage', '--records wants a number, --rounds one from 1');
  pluginPackages();
  const dist = pluginBuild();
  const operator = await startOperator();
  try {
    const { store } = operator.clickhouse;
    const begun = performance.now();
    for (let first = 0; first < records; first += chunk)
      await fill(store, operator.settings.tenant, first, Math.min(chunk, records - first), operator.to);
    const [counted] = await store.select<{ usage: string; minute: string; hour: string }>(
      'SELECT (SELECT count() FROM weir.usage) AS usage, (SELECT count() FROM weir.usage_minute) AS minute, (SELECT count() FROM weir.usage_hour) AS hour',
    );
    console.log(
      `${Number(counted?.usage).toLocaleString('en')} usage records, ${Number(counted?.minute).toLocaleString('en')} rows by minute, ${Number(counted?.hour).toLocaleString('en')} by hour (written in ${((performance.now() - begun) / 1000).toFixed(0)} s)`,
    );
    const plugin = loadPlugin(dist, operator.url, operator.token);
    console.log('\nBOARD                 QUESTIONS  SLOWEST ms  WHOLE ms  SLOWEST QUESTION');
    let over = 0;
    for (const { uid } of boards) {
      const board = JSON.parse(readFileSync(join(folder, fileOf({ uid })), 'utf8')) as BoardJson;
      const alone: Map<string, number[]> = new Map();
      const whole: number[] = [];
      const failed = new Set<string>();
      for (let round = 0; round < rounds; round++) {
        for (const { kind, name, tookMs, answer } of await runBoard(plugin, board, operator.to)) {
          const key = `${kind} ${name}`;
          alone.set(key, [...(alone.get(key) ?? []), tookMs]);
          for (const { message } of answer.errors ?? []) failed.add(`${key}: ${message}`);
        }
        const started = performance.now();
        await runBoard(plugin, board, operator.to, true);
        whole.push(performance.now() - started);
      }
      const middles = [...alone].map(([key, took]) => [key, middle(took)] as const).sort(([, a], [, b]) => b - a);
      const [slowest, ms] = middles[0] ?? ['', 0];
      const all = middle(whole);
      if (ms > panelMs || all > boardMs) over++;
      console.log(
        `${uid.padEnd(22)}${String(alone.size).padStart(9)}${ms.toFixed(0).padStart(12)}${all.toFixed(0).padStart(10)}  ${slowest}`,
      );
      for (const [key, took] of middles.slice(1))
        if (took > panelMs) console.log(`${' '.repeat(31)}${took.toFixed(0).padStart(12)}            ${key}`);
      for (const text of failed) console.log(`    failed: ${text}`);
    }
    console.log(`\n${over} of ${boards.length} boards above ${panelMs} ms a question or ${boardMs} ms as a whole`);
  } finally {
    await operator.stop();
  }
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Records spread over five weeks with a rhythm of the day, 40 partners, 80 routes, 2,000 cells, three legs, as a middling operator has them. */
async function fill(store: Store, tenant: string, first: number, count: number, to: number): Promise<void> {
  await store.command(`
    INSERT INTO weir.usage (tenant, source, partition, position, record_id, ingest_time, leg, node, service, direction, answered, cause_class, subscriber, partner, route, cell,
      apn, rat, plan, segment, zone, start_time, duration_seconds, billable_seconds, octets_up, octets_down, events, setup_delay_ms, charge, currency, wholesale_charge)
    WITH cityHash64(number) AS h, cityHash64(number, 1) AS g,
      ['voice', 'sms', 'data'][1 + h % 3] AS kind, h % 100 < 62 AS ok
    SELECT '${tenant}', 'bench', toString(intDiv(number, ${chunk})), number, generateUUIDv4(), now64(3), ['switch', 'rating', 'mno_wholesale'][1 + intDiv(h, 7) % 3],
      concat('node-', toString(intDiv(h, 11) % 6)), kind, if(h % 2, 'mo', 'mt'), ok, ['normal', 'user', 'network', 'congestion'][if(ok, 1, 2 + intDiv(h, 5) % 3)], g % 500000,
      concat('partner-', toString(intDiv(g, 13) % 40)), concat('route-', toString(intDiv(g, 13) % 80)), concat('cell-', toString(intDiv(h, 17) % 2000)),
      if(kind = 'data', concat('apn-', toString(intDiv(g, 3) % 4)), ''), ['4G', '5G', '3G'][1 + intDiv(g, 29) % 3], concat('plan-', toString(intDiv(g, 31) % 12)),
      ['consumer', 'business', 'm2m'][1 + intDiv(g, 37) % 3], concat('zone-', toString(intDiv(g, 41) % 8)),
      toDateTime64(${Math.floor(to / 1000)} - intDiv(h, 43) % ${days * 86_400}, 3, 'UTC'), if(ok, 1 + h % 300, 0), if(ok, 1 + h % 300, 0), if(kind = 'data', g % 1000000, 0),
      if(kind = 'data', g % 20000000, 0), 1, 500 + g % 3000, (g % 1000) / 10000, 'USD', (g % 500) / 10000
    FROM numbers(${first}, ${count})`);
}
