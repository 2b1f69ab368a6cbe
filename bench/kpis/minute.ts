/** The load of the KPI benchmark: records of a minute and readings of devices around it. */
import type { Store } from '../../sql/store.ts';

export const minute = 60_000;
/** Devices of which each sends a reading of every metric in the minute. */
export const devices = 20_000;

/**
 * Records of one minute: 50 % data, 35 % voice, 15 % messages, of 40 partners with 5 routes each, 5,000 cells, 8 nodes, 20 plans, 20 zones; half of the
 * calls answered. Calls state a post-dial delay and a SIP code, answered ones MOS, loss and jitter.
 */
export async function bring(store: Store, tenant: string, from: number, records: number): Promise<void> {
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

/** A fifth of the partners is of kind roaming. */
export async function bringPartners(store: Store, tenant: string): Promise<void> {
  await store.command(
    `INSERT INTO partners (tenant, source, partition, position, record_id, ingest_time, partner, partner_kind, valid_from)
     SELECT {tenant:String}, 'bench', 'partners', number, generateUUIDv4(number), now64(3), concat('p', toString(number)), if(number % 5 = 0, 'roaming', 'interconnect'), toDateTime(0)
     FROM numbers(40)`,
    { tenant },
  );
}

/**
 * Readings of every metric by every device in each of five minutes, the asked one in the middle. Before them, every five minutes: online state and uptime of
 * every device for two hours, and the ONTs online of 625 PONs for a day, which KPIs look back at.
 */
export async function bringReadings(store: Store, tenant: string, at: number): Promise<void> {
  const bringSome = (metric: string, of: number, from: number, times: number, stepMs: number): Promise<void> =>
    store.command(
      `INSERT INTO measurements (tenant, source, partition, position, record_id, ingest_time, metric, device, event_time, value, instrument, node, site, model, firmware)
       SELECT {tenant:String}, 'bench', {metric:String}, number, generateUUIDv4(number), now64(3), {metric:String}, concat('d', toString(number % {devices:UInt64})),
         fromUnixTimestamp64Milli(toInt64({from:UInt64} + {step:UInt64} * intDiv(number, {devices:UInt64}))), if({metric:String} = 'online', 1, number % 90), 'gauge',
         concat('olt', toString(number % 50)), concat('s', toString(number % 200)), concat('m', toString(number % 5)), concat('f', toString(number % 7))
       FROM numbers({devices:UInt64} * {times:UInt64})`,
      { tenant, metric, devices: of, from, times, step: stepMs },
    );
  for (const metric of metrics) await bringSome(metric, devices, at - 2 * minute, 5, minute);
  for (const metric of ['online', 'uptime_seconds']) await bringSome(metric, devices, at - 120 * minute, 23, 5 * minute);
  await bringSome('onts_online', 625, at - 24 * 60 * minute, 287, 5 * minute);
}

const metrics = ['online', 'uptime_seconds', 'rx_power_dbm', 'latency_ms', 'loss_percent', 'snr_db', 'utilisation_percent', 'onts_online'];
