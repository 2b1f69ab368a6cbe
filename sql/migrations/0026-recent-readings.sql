-- The readings of devices of the last weeks once more, in order of time. `measurements` is in order of device, so that a question about
-- the last hours would read every hour of every device; detectors ask it each minute. What came before this table stays in `measurements` alone.

CREATE TABLE IF NOT EXISTS weir.recent_readings{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `metric` LowCardinality(String) COMMENT 'Metric',
    `hour` DateTime('UTC') COMMENT 'Start of the hour of the measurement, UTC',
    `device` String COMMENT 'Device that was measured',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Instant of the measurement, UTC',
    `value` Float64 COMMENT 'The value',
    `instrument` LowCardinality(String) COMMENT 'gauge or counter',
    `node` LowCardinality(String) COMMENT 'Network element that reports the device',
    `site` LowCardinality(String) COMMENT 'Site of the device',
    `model` LowCardinality(String) COMMENT 'Model of the device',
    `firmware` LowCardinality(String) COMMENT 'Firmware of the device',
    `reason` LowCardinality(String) COMMENT 'Attribute reason, in small letters: why a device went down',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC'
)
ENGINE = {engine MergeTree}
PARTITION BY toMonday(ingest_time)
ORDER BY (tenant, metric, hour, device, event_time)
TTL toDateTime(ingest_time) + INTERVAL 35 DAY
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Readings of devices of the last 35 days in order of time, for detectors: a copy of what measurements holds.';

DISTRIBUTED weir.recent_readings BY cityHash64(tenant, device);

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.recent_readings_from_measurements {on_cluster} TO weir.recent_readings{local} AS
SELECT
    tenant, source, metric, toStartOfHour(toDateTime(measurements.event_time, 'UTC'), 'UTC') AS hour, device, event_time,
    value, instrument, node, site, model, firmware,
    toLowCardinality(lower(substring(measurements.attributes['reason'], 1, 100))) AS reason,
    ingest_time
FROM weir.measurements{local} AS measurements;
