/**
 * `npm run bench -- sla [--records N]`: a monthly report on an agreement over 100 million records. The rollups by minute and hour are filled inside ClickHouse,
 * as that many records would have left them (the report reads nothing else); then the report is made by the code of `npx weir report sla`, five times.
 */
import { rmSync } from 'node:fs';
import { pageHtml } from '../app/report/page.ts';
import { slaPage } from '../app/sla/page.ts';
import { slaReport } from '../app/sla/report.ts';
import { kpiPort } from '../app/slo/kpi-catalogue.ts';
import type { Agreement, SlaTarget } from '../detectors/service/sla/index.ts';
import { startClickHouse } from '../test/clickhouse.ts';

const runs = 5;
const month = '2026-10';
const minutes = 31 * 1440 + 120;

/** 200 groups a minute: 20 partners, five routes, two causes; records that add up to those asked for. */
const fill = `INSERT INTO usage_minute (tenant, leg, service, minute, partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency, records, answered, duration_seconds, billable_seconds, octets_up, octets_down, events, charge, wholesale_charge, setup_delay_ms, setup_delay_records, ingest_time)
SELECT 'main', 'switch', 'voice', toDateTime('2026-09-30 22:00:00', 'UTC') + intDiv(number, 200) * 60, concat('carrier-', toString(number % 20)), 'mo', 'msc-1', concat('r', toString(intDiv(number, 20) % 5)), '', '', '', '', '', '',
    if(intDiv(number, 100) % 2 = 0, 'normal', 'network') AS cause, 'EUR', if(cause = 'normal', good, bad) AS n, if(cause = 'normal', good, 0), n * 60, n * 60, 0, 0, 0, 0, 0, n * 1500, n, now64(3)
FROM (SELECT number, {good:UInt64} AS good, if(intDiv(number, 200) % 97 = 0, {good:UInt64}, 1) AS bad FROM numbers({groups:UInt64}))
SETTINGS max_insert_block_size = 1000000`;

function agreement(): Agreement {
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
  const records = Number(args[args.indexOf('--records') + 1] ?? 0) || 100_000_000;
  const clickhouse = await startClickHouse();
  try {
    const { store } = clickhouse;
    const groups = minutes * 200;
    const good = Math.max(2, Math.round((records / groups) * 2 * 0.97));
    const begun = performance.now();
    await store.command(fill, { good, groups });
    const [filled] = await store.select<{ rows: string; records: string }>(
      'SELECT count() AS rows, sum(records) AS records FROM usage_minute',
    );
    process.stdout.write(
      `${filled!.records} records in ${filled!.rows} rows by minute, filled in ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
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
      `monthly report with ${agreement().targets.length} targets: median ${sorted[2]!.toFixed(2)} s, worst ${sorted.at(-1)!.toFixed(2)} s of ${runs} (limit 20 s)\n`,
    );
  } finally {
    await clickhouse.stop();
    rmSync(clickhouse.directory, { recursive: true, force: true });
  }
}
