/**
 * `npm run bench -- kpis [--rate 20000] [--rounds 5]`: all KPIs for all dimensions of one minute at so many records a second, on a real ClickHouse. The
 * records of the minute go in as usage and through the views, as do those of its neighbours and of the same minute of the four weeks before, and readings of devices.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { everyKpi } from '../app/kpis/every.ts';
import { WeirError } from '../core/errors.ts';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect } from '../sql/store.ts';
import { bring, bringPartners, bringReadings, devices, minute } from './kpis/minute.ts';

const tenant = 'bench';
/** The minute that is asked for. */
const at = Math.floor(Date.now() / minute) * minute - 10 * minute;

export async function benchKpis(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rate: { type: 'string', default: '20000' }, rounds: { type: 'string', default: '5' } },
  });
  const [rate, rounds] = [Number(values.rate), Number(values.rounds)];
  if (!(rate >= 100 && rate <= 100_000) || !(rounds >= 1)) throw new WeirError('usage', '--rate wants 100 to 100000, --rounds at least 1');
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    // The minute itself, its neighbours, and the same minute of the weeks before, for completeness.
    for (const shift of [-1, 0, 1]) await bring(store, tenant, at + shift * minute, rate * 60);
    for (const week of [1, 2, 3, 4]) await bring(store, tenant, at - week * 7 * 24 * 60 * minute, rate * 60);
    await bringPartners(store, tenant);
    await bringReadings(store, tenant, at);
    const [{ rows = '0', quality = '0' } = {}] = await store.select<{ rows: string; quality: string }>(
      'SELECT (SELECT count() FROM usage_minute WHERE minute = toDateTime({at:UInt32})) AS rows, (SELECT count() FROM quality_minute WHERE minute = toDateTime({at:UInt32})) AS quality',
      { at: at / 1000 },
    );
    console.log(
      `one minute of ${rate} records/s: ${rate * 60} records, ${rows} rows of usage_minute, ${quality} of quality_minute; ${devices} devices; load ${loadavg()[0]!.toFixed(1)}`,
    );
    for (const cut of ['none', 'all'] as const) {
      const times: number[] = [];
      let figures = 0;
      let kpis = 0;
      for (let round = 0; round <= rounds; round++) {
        const began = performance.now();
        const found = await everyKpi(store, tenant, { from: at, to: at + minute }, cut);
        times.push(performance.now() - began);
        figures = found.length;
        kpis = new Set(found.map(({ kpi }) => kpi.name)).size;
      }
      const warm = times.slice(1).sort((one, other) => one - other);
      console.log(
        `  ${cut === 'all' ? 'by all dimensions' : 'as a whole'}: ${kpis} KPIs, ${figures} figures, median ${warm[Math.floor(warm.length / 2)]!.toFixed(0)} ms, worst ${warm.at(-1)!.toFixed(0)} ms (first ${times[0]!.toFixed(0)} ms)`,
      );
    }
  } finally {
    await store.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
