/**
 * `npm run bench -- sla [--records 100000000] [--data DIR]`: a monthly report on an agreement over so many records. They are made inside ClickHouse, as rows of
 * the table of usage, so that the rollups are filled by the views that every Weir has; then the report is made by the code of `npx weir report sla`, five times.
 * With --data the records stay in that directory, and the next run with it only reports.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pageHtml } from '../app/report/page.ts';
import { slaPage } from '../app/sla/page.ts';
import { slaReport } from '../app/sla/report.ts';
import { kpiPort } from '../app/slo/kpi-catalogue.ts';
import { WeirError } from '../core/errors.ts';
import type { Agreement, SlaTarget } from '../detectors/service/sla/index.ts';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';

const runs = 5;
const month = '2026-10';
/** October by the clock of Berlin, with an hour more. */
const [first, minutes] = [Date.UTC(2026, 8, 30, 22), 31 * 1440 + 60];
/** Records of one statement. */
const portion = 2_000_000;

/**
 * Calls of a switch through 20 partners with five routes each, 200 groups a minute: 97 % of them end as calls should, half of those are answered; in two minutes
 * of 97 the network fails every second one.
 */
const fill = `INSERT INTO usage (tenant, source, partition, position, record_id, ingest_time, leg, node, service, direction, partner, route, answered, cause, cause_class, currency, setup_delay_ms, start_time, duration_seconds, billable_seconds, subscriber)
SELECT 'main', 'bench', 'bench', number, generateUUIDv4(number), now64(3), 'switch', 'msc-1', 'voice', 'mo', concat('carrier-', toString(r1 % 20)), concat('r', toString(r2 % 5)),
    failed = 0 AND r3 % 2 = 0 AS is_answered, if(failed, 38, 16), if(failed, 'network', 'normal'), 'EUR', if(is_answered, 1500 + r3 % 4000, 0),
    fromUnixTimestamp64Milli(toInt64({first:UInt64} + 60000 * at + r2 % 60000)), if(is_answered, 1 + r3 % 300, 0), if(is_answered, r3 % 300, 0), r3 % 1000000
FROM (
    SELECT number, intDiv(number * {minutes:UInt64}, {records:UInt64}) AS at, cityHash64(number, 1) AS r1, cityHash64(number, 2) AS r2, cityHash64(number, 3) AS r3,
        cityHash64(number, 4) % 100 < if(at % 97 < 2, 50, 3) AS failed
    FROM numbers({from:UInt64}, {rows:UInt64})
)
SETTINGS max_insert_threads = 1, optimize_on_insert = 0`;

/** Goes on where a run before was ended: rows come in the order of their numbers. */
async function bring(store: Store, stored: number, records: number): Promise<void> {
  let said = performance.now();
  for (let from = stored; from < records; from += portion) {
    await store.command(fill, { first, minutes, records, from, rows: Math.min(portion, records - from) });
    if (performance.now() - said < 20_000) continue;
    said = performance.now();
    process.stdout.write(`  ${Math.min(records, from + portion)} of ${records} records\n`);
  }
}

export function agreement(): Agreement {
  const base = { where: { partner: 'carrier-7' }, ratio: true, op: 'gte', kpi: 'ner' } as const;
  const targets: readonly SlaTarget[] = [
    { ...base, name: 'ner', measure: 'average', sliceMs: 3_600_000, target: '98', credits: [{ beyond: '98', percent: '5' }] },
    {
      ...base,
      name: 'available',
      measure: 'slices',
      sliceMs: 300_000,
      limitOp: 'gte',
      limit: '90',
      target: '99.7',
      credits: [{ beyond: '99.7', percent: '10' }],
    },
    {
      ...base,
      name: 'minutes',
      measure: 'slices',
      sliceMs: 60_000,
      limitOp: 'gte',
      limit: '90',
      target: '99.7',
      credits: [{ beyond: '99.7', percent: '10' }],
    },
    { ...base, name: 'asr', kpi: 'asr', measure: 'percentile', percentile: 5, sliceMs: 3_600_000, target: '40', credits: [] },
  ];
  const day = Date.UTC(2026, 9, 12, 3, 17);
  return {
    ...{ identity: 'bench', title: 'Bench', partner: 'carrier-7', direction: 'they-owe-us', service: 'voice', timeZone: 'Europe/Berlin' },
    ...{
      currency: 'EUR',
      monthlyCharge: '12000.00',
      decimals: 2,
      validFrom: 0,
      validTo: Number.POSITIVE_INFINITY,
      capPercent: '50',
      combine: 'sum',
      claimDays: 30,
    },
    targets,
    exclusions: [{ kind: 'maintenance', from: day, to: day + 5_400_000, reason: 'work', approver: 'ann', targets: [] }],
    maintenance: undefined,
    place: '',
  };
}

export async function benchSla(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { records: { type: 'string', default: '100000000' }, data: { type: 'string' } },
  });
  const records = Number(values.records);
  if (!(records >= 100_000)) throw new WeirError('usage', '--records wants at least 100000');
  const directory = values.data ?? mkdtempSync(join(tmpdir(), 'weir-bench-'));
  mkdirSync(directory, { recursive: true });
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    const [before] = await store.select<{ records: string }>('SELECT count() AS records FROM usage');
    const begun = performance.now();
    await bring(store, Number(before!.records), records);
    const seconds = (performance.now() - begun) / 1000;
    const [filled] = await store.select<Record<'records' | 'minute_rows' | 'minute_records' | 'hour_rows' | 'hour_records', string>>(
      `SELECT (SELECT count() FROM usage) AS records, (SELECT count() FROM usage_minute) AS minute_rows, (SELECT sum(records) FROM usage_minute) AS minute_records,
        (SELECT count() FROM usage_hour) AS hour_rows, (SELECT sum(records) FROM usage_hour) AS hour_records`,
    );
    const { minute_rows, minute_records, hour_rows, hour_records } = filled!;
    if (minute_records !== filled!.records || hour_records !== filled!.records) throw new Error('the rollups do not hold the records');
    process.stdout.write(
      `${filled!.records} records, ${minute_rows} rows by minute, ${hour_rows} by hour; made in ${seconds.toFixed(0)} s; load ${loadavg()[0]!.toFixed(1)}\n`,
    );
    const place = { store, tenant: 'main', kpis: kpiPort(store, 'main'), clock: { now: () => Date.UTC(2026, 10, 5) } };
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const from = performance.now();
      const report = await slaReport(place, agreement(), month);
      const page = pageHtml(slaPage(report));
      times.push((performance.now() - from) / 1000);
      if (run === 0)
        process.stdout.write(
          `${report.targets.map(({ target, figure, credit }) => `${target.name} ${figure.counted.value?.toFixed(4)} of ${figure.counted.total} (${credit.state})`).join('; ')}; credit ${report.credit.amount} EUR; ${page.length} characters\n`,
        );
    }
    const sorted = times.toSorted((a, b) => a - b);
    process.stdout.write(
      `monthly report with ${agreement().targets.length} targets: first ${times[0]!.toFixed(2)} s, median ${sorted[2]!.toFixed(2)} s, worst ${sorted.at(-1)!.toFixed(2)} s of ${runs} (limit 20 s); load ${loadavg()[0]!.toFixed(1)}\n`,
    );
  } finally {
    await store.close();
    await server.stop();
    if (values.data === undefined) rmSync(directory, { recursive: true, force: true });
  }
}
