-- What service KPIs need beyond usage_minute: delays, call quality, SIP answers and final states of messages, and device readings by minute. Rows
-- that state none of it cost a filter only; few dimensions and few steps of delay keep the groups few. docs/decisions/0026-kpi-rollups.md.

CREATE TABLE IF NOT EXISTS weir.quality_minute{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `leg` LowCardinality(String) COMMENT 'Leg of the chain',
    `service` LowCardinality(String) COMMENT 'Service',
    `minute` DateTime('UTC') COMMENT 'Start of the minute of the event, UTC',
    `partner` LowCardinality(String) COMMENT 'Partner behind the route or network',
    `direction` LowCardinality(String) COMMENT 'mo, mt, transit, na',
    `node` LowCardinality(String) COMMENT 'Network element that wrote the records',
    `route` LowCardinality(String) COMMENT 'Outgoing trunk group or route',
    `rat` LowCardinality(String) COMMENT 'Radio or access technology',
    `zone` LowCardinality(String) COMMENT 'Rating or destination zone',
    `delay_step` UInt8 COMMENT 'Delay in quarters of an octave: 2^(step / 4) ms, within 9 %; 0 = none stated',
    `delay_records` UInt64 COMMENT 'Records with a delay: of calls from request to ringing, of delivered messages from submission to delivery',
    `delay_ms` UInt64 COMMENT 'Sum of these delays, in ms',
    `mos_records` UInt64 COMMENT 'Records that state a mean opinion score',
    `mos` Float64 COMMENT 'Sum of the scores',
    `mos_low` UInt64 COMMENT 'Records with a score below 3.6',
    `jitter_records` UInt64 COMMENT 'Records that state jitter',
    `jitter_ms` Float64 COMMENT 'Sum of jitter, in ms',
    `loss_records` UInt64 COMMENT 'Records that state packet loss',
    `loss_percent` Float64 COMMENT 'Sum of packet loss, in percent',
    `sip_invites` UInt64 COMMENT 'Calls with a final SIP response that is no redirection (3xx)',
    `sip_redirected` UInt64 COMMENT 'Calls that ended with a redirection (3xx)',
    `sip_answered` UInt64 COMMENT 'Of sip_invites, with 2xx',
    `sip_effective` UInt64 COMMENT 'Of sip_invites, with 200, 480, 486, 600 or 603',
    `sip_ineffective` UInt64 COMMENT 'Of sip_invites, with 408, 500, 503 or 504',
    `messages` UInt64 COMMENT 'Messages',
    `messages_final` UInt64 COMMENT 'Messages that are delivered or in another final state',
    `duplicates` UInt64 COMMENT 'Records that repeat one that was seen shortly before',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When a batch of these records was built, UTC: one of them'
)
ENGINE = {engine SummingMergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, leg, service, minute, partner, direction, node, route, rat, zone, delay_step)
TTL toDateTime(ingest_time) + INTERVAL 25 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Quality of usage by minute of the event: delays, MOS, loss, SIP answers, final states, repeats. Sum again when reading.';

DISTRIBUTED weir.quality_minute BY cityHash64(tenant, leg, service);

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.quality_minute_from_usage {on_cluster} TO weir.quality_minute{local} AS
WITH if(service != 'sms', usage.post_dial_delay_ms, if(usage.answered, toUInt32(least(greatest(usage.duration_seconds, 0.) * 1000, 3.6e7)), 0)) AS delay
SELECT
    tenant, leg, service, toStartOfMinute(toDateTime(usage.start_time, 'UTC'), 'UTC') AS minute,
    partner, direction, node, route, rat, zone,
    if(delay = 0, 0, toUInt8(least(greatest(round(4 * log2(delay)), 1), 120))) AS delay_step,
    countIf(delay > 0) AS delay_records,
    sum(delay) AS delay_ms,
    count(usage.mos) AS mos_records,
    sum(ifNull(usage.mos, 0.)) AS mos,
    countIf(ifNull(usage.mos, 5) < 3.6) AS mos_low,
    count(usage.jitter_ms) AS jitter_records,
    sum(ifNull(usage.jitter_ms, 0.)) AS jitter_ms,
    count(usage.loss_percent) AS loss_records,
    sum(ifNull(usage.loss_percent, 0.)) AS loss_percent,
    countIf(usage.sip_code >= 200 AND intDiv(usage.sip_code, 100) != 3) AS sip_invites,
    countIf(intDiv(usage.sip_code, 100) = 3) AS sip_redirected,
    countIf(intDiv(usage.sip_code, 100) = 2) AS sip_answered,
    countIf(usage.sip_code IN (200, 480, 486, 600, 603)) AS sip_effective,
    countIf(usage.sip_code IN (408, 500, 503, 504)) AS sip_ineffective,
    countIf(service = 'sms') AS messages,
    countIf(service = 'sms' AND (usage.answered OR lower(usage.final_status) NOT IN ('', 'accepted', 'acceptd', 'enroute', 'buffered', 'pending', 'queued', 'sent', 'submitted', 'scheduled', 'unknown'))) AS messages_final,
    countIf(usage.duplicate > 0) AS duplicates,
    max(usage.ingest_time) AS ingest_time
FROM weir.usage{local} AS usage
WHERE usage.post_dial_delay_ms > 0 OR service = 'sms' OR usage.sip_code > 0 OR isNotNull(usage.mos) OR isNotNull(usage.loss_percent) OR isNotNull(usage.jitter_ms) OR usage.duplicate > 0
GROUP BY tenant, leg, service, minute, partner, direction, node, route, rat, zone, delay_step;

CREATE TABLE IF NOT EXISTS weir.measurement_minute{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `metric` LowCardinality(String) COMMENT 'Metric',
    `minute` DateTime('UTC') COMMENT 'Start of the minute of the measurement, UTC',
    `node` LowCardinality(String) COMMENT 'Network element that reports the device',
    `device` String COMMENT 'Device that was measured',
    `site` LowCardinality(String) COMMENT 'Site of the device',
    `model` LowCardinality(String) COMMENT 'Model of the device',
    `firmware` LowCardinality(String) COMMENT 'Firmware of the device',
    `partner` LowCardinality(String) COMMENT 'Attribute partner: the network that it is about',
    `apn` LowCardinality(String) COMMENT 'Attribute apn, else dnn: the data network that it is about',
    `readings` SimpleAggregateFunction(sum, UInt64) COMMENT 'Readings',
    `value` SimpleAggregateFunction(sum, Float64) COMMENT 'Sum of the values',
    `low` SimpleAggregateFunction(min, Float64) COMMENT 'Lowest value',
    `high` SimpleAggregateFunction(max, Float64) COMMENT 'Highest value',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When a batch of these readings was built, UTC: one of them'
)
ENGINE = {engine AggregatingMergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, metric, minute, node, device, site, model, firmware, partner, apn)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Gauges of devices by minute, in order of time: the levels, no counters but uptime. Aggregate again when reading.';

DISTRIBUTED weir.measurement_minute BY cityHash64(tenant, device);

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.measurement_minute_from_measurements {on_cluster} TO weir.measurement_minute{local} AS
SELECT
    tenant, metric, toStartOfMinute(toDateTime(measurements.event_time, 'UTC'), 'UTC') AS minute,
    node, device, site, model, firmware,
    toLowCardinality(measurements.attributes['partner']) AS partner,
    toLowCardinality(if(measurements.attributes['apn'] != '', measurements.attributes['apn'], measurements.attributes['dnn'])) AS apn,
    count() AS readings,
    sum(measurements.value) AS value,
    min(measurements.value) AS low,
    max(measurements.value) AS high,
    max(measurements.ingest_time) AS ingest_time
FROM weir.measurements{local} AS measurements
WHERE isFinite(measurements.value) AND (measurements.instrument != 'counter' OR metric IN ('uptime_seconds', 'system_uptime'))
GROUP BY tenant, metric, minute, node, device, site, model, firmware, partner, apn;
