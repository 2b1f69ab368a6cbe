/**
 * `npm run bench -- kpis [--rate 20000] [--rounds 5]`: all KPIs for all dimensions of one minute at so many records a second, on a real ClickHouse. The
 * records of the minute go in as usage and through the views; so do readings of devices, and a week of minutes around it lies in the rollups.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { everyKpi } from '../app/kpis/every.ts';
import { WeirError } from '../core/errors.ts';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';

const tenant = 'bench';
const minute = 60_000;
/** The minute that is asked for. */
const at = Math.floor(Date.now() / minute) * minute - 10 * minute;
/** Devices of which each sends a reading of every metric in the minute. */
const devices = 20_000;

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
    for (const shift of [-1, 0, 1]) await bring(store, at + shift * minute, rate * 60);
    for (const week of [1, 2]) await bring(store, at - week * 7 * 24 * 60 * minute, rate * 60);
    await bringReadings(store);
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

/**
 * Records of one minute: 50 % data, 35 % voice, 15 % messages, of 40 partners with 5 routes each, 5,000 cells, 8 nodes, 20 plans, 20 zones; half of the
 * calls answered. Calls state a post-dial delay and a SIP code, answered ones MOS, loss and jitter.
 */
async function bring(store: Store, from: number, records: number): Promise<void> {
  for (let first = 0; first < records; first += 200_000)
    await store.command(
      `INSERT INTO usage (tenant, source, partition, position, record_id, ingest_time, leg, service, node, direction, partner, route, answered, cause, cause_class, sip_code, final_status,
         post_dial_delay_ms, setup_delay_ms, start_time, duration_seconds, billable_seconds, octets_up, octets_down, cell, apn, rat, plan, segment, zone, mos, jitter_ms, loss_percent, subscriber)
       SELECT {tenant:String}, 'bench', toString({from:UInt64}), number, generateUUIDv4(number), now64(3), 'switch',
         multiIf(kind < 50, 'data', kind < 85, 'voice', 'sms') AS service,
         concat('n', toString(r1 % 8)), ['mo', 'mt'][1 + r1 % 2], concat('p', toString(r2 % 40)), if(service = 'data', '', concat('r', toString(r2 % 200))),
         r3 % 2, if(service = 'voice', [16, 17, 19, 38][1 + r3 % 4], 0), if(service = 'voice', ['normal', 'user', 'user', 'network'][1 + r3 % 4], if(r3 % 100 = 0, 'network', 'normal')),
         if(service = 'voice', [200, 486, 480, 503][1 + r3 % 4], 0), if(service = 'sms', 'delivered', ''),
         if(service = 'voice', 500 + r4 % 4000, 0), if(service = 'voice', 800 + r4 % 6000, 0),
         fromUnixTimestamp64Milli(toInt64({from:UInt64} + number % 60000)), 1 + r4 % 300, if(r3 % 2 = 1, r4 % 300, 0), if(service = 'data', r4 % 1000000, 0), if(service = 'data', r4 % 9000000, 0),
         concat('c', toString(r5 % 5000)), if(service = 'data', ['internet', 'ims', 'iot'][1 + r1 % 3], ''), ['4g', '5g', '3g'][1 + r5 % 3], concat('plan', toString(r6 % 20)), ['consumer', 'business'][1 + r6 % 2], concat('z', toString(r2 % 20)),
         if(service = 'voice' AND r3 % 2 = 1, 3.4 + (r4 % 100) / 100, NULL), if(service = 'voice' AND r3 % 2 = 1, (r4 % 300) / 10, NULL), if(service = 'voice' AND r3 % 2 = 1, (r4 % 20) / 10, NULL), r6
       FROM (SELECT number, cityHash64(number, 0) % 100 AS kind, cityHash64(number, 1) AS r1, cityHash64(number, 2) AS r2, cityHash64(number, 3) AS r3, cityHash64(number, 4) AS r4, cityHash64(number, 5) AS r5, cityHash64(number, 6) AS r6
         FROM numbers({first:UInt64}, {rows:UInt64}))
       SETTINGS max_insert_threads = 1, optimize_on_insert = 0`,
      { tenant, from, first, rows: Math.min(200_000, records - first) },
    );
}

async function bringReadings(store: Store): Promise<void> {
  for (const metric of [
    'online',
    'uptime_seconds',
    'rx_power_dbm',
    'latency_ms',
    'loss_percent',
    'snr_db',
    'utilisation_percent',
    'onts_online',
  ])
    await store.command(
      `INSERT INTO measurements (tenant, source, partition, position, record_id, ingest_time, metric, device, event_time, value, instrument, node, site, model, firmware)
       SELECT {tenant:String}, 'bench', {metric:String}, number, generateUUIDv4(number), now64(3), {metric:String}, concat('d', toString(number % {devices:UInt64})),
         fromUnixTimestamp64Milli(toInt64({from:UInt64} + 60000 * intDiv(number, {devices:UInt64}))), if({metric:String} = 'online', 1, number % 90), 'gauge',
         concat('olt', toString(number % 50)), concat('s', toString(number % 200)), concat('m', toString(number % 5)), concat('f', toString(number % 7))
       FROM numbers({devices:UInt64} * 5)`,
      { tenant, metric, devices, from: at - 2 * minute },
    );
}
