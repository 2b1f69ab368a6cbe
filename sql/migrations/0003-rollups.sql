-- Rollups and side tables of usage, filled by materialised views from the same insert under the same token. Partitioned by ingest
-- month like the base, so that the rows of one batch land in one part whatever their event times.
-- Why views, and why the hour from the minute: docs/decisions/0003-rollups.md.

CREATE TABLE IF NOT EXISTS weir.usage_minute{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `leg` LowCardinality(String) COMMENT 'Leg of the chain',
    `service` LowCardinality(String) COMMENT 'Service',
    `minute` DateTime('UTC') COMMENT 'Start of the minute of the event, UTC',
    `partner` LowCardinality(String) COMMENT 'Partner behind the route or network',
    `direction` LowCardinality(String) COMMENT 'mo, mt, transit, na',
    `node` LowCardinality(String) COMMENT 'Network element that wrote the records',
    `route` LowCardinality(String) COMMENT 'Outgoing trunk group or route',
    `cell` LowCardinality(String) COMMENT 'Cell key',
    `apn` LowCardinality(String) COMMENT 'Access point name or data network name',
    `rat` LowCardinality(String) COMMENT 'Radio or access technology',
    `plan` LowCardinality(String) COMMENT 'Plan',
    `zone` LowCardinality(String) COMMENT 'Rating or destination zone',
    `segment` LowCardinality(String) COMMENT 'Customer segment',
    `cause_class` LowCardinality(String) COMMENT 'Class of the release',
    `currency` LowCardinality(String) COMMENT 'Currency of the amounts, ISO 4217; a dimension, so that amounts of different currencies are never added',
    `records` UInt64 COMMENT 'Records',
    `answered` UInt64 COMMENT 'Records that were answered or delivered',
    `duration_seconds` Float64 COMMENT 'Sum of durations, in seconds',
    `billable_seconds` Float64 COMMENT 'Sum of billable durations, in seconds',
    `octets_up` UInt64 COMMENT 'Octets from subscribers',
    `octets_down` UInt64 COMMENT 'Octets to subscribers',
    `events` UInt64 COMMENT 'Events',
    `charge` Decimal(38, 6) COMMENT 'Sum of charges, in currency',
    `wholesale_charge` Decimal(38, 6) COMMENT 'Sum of wholesale charges, in currency',
    `setup_delay_ms` UInt64 COMMENT 'Sum of set-up delays, in ms',
    `setup_delay_records` UInt64 COMMENT 'Records that state a set-up delay: the divisor of its mean',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When a batch of these records was built, UTC: one of them'
)
ENGINE = {engine SummingMergeTree((records, answered, duration_seconds, billable_seconds, octets_up, octets_down, events, charge, wholesale_charge, setup_delay_ms, setup_delay_records))}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, leg, service, minute, partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency)
TTL toDateTime(ingest_time) + INTERVAL 25 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Usage by minute of the event. Sum again when reading: rows of one group are merged in the background only.';

DISTRIBUTED weir.usage_minute BY cityHash64(tenant, leg, service);

CREATE TABLE IF NOT EXISTS weir.usage_hour{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `leg` LowCardinality(String) COMMENT 'Leg of the chain',
    `service` LowCardinality(String) COMMENT 'Service',
    `hour` DateTime('UTC') COMMENT 'Start of the hour of the event, UTC',
    `partner` LowCardinality(String) COMMENT 'Partner behind the route or network',
    `direction` LowCardinality(String) COMMENT 'mo, mt, transit, na',
    `node` LowCardinality(String) COMMENT 'Network element that wrote the records',
    `route` LowCardinality(String) COMMENT 'Outgoing trunk group or route',
    `cell` LowCardinality(String) COMMENT 'Cell key',
    `apn` LowCardinality(String) COMMENT 'Access point name or data network name',
    `rat` LowCardinality(String) COMMENT 'Radio or access technology',
    `plan` LowCardinality(String) COMMENT 'Plan',
    `zone` LowCardinality(String) COMMENT 'Rating or destination zone',
    `segment` LowCardinality(String) COMMENT 'Customer segment',
    `cause_class` LowCardinality(String) COMMENT 'Class of the release',
    `currency` LowCardinality(String) COMMENT 'Currency of the amounts, ISO 4217; a dimension, so that amounts of different currencies are never added',
    `records` UInt64 COMMENT 'Records',
    `answered` UInt64 COMMENT 'Records that were answered or delivered',
    `duration_seconds` Float64 COMMENT 'Sum of durations, in seconds',
    `billable_seconds` Float64 COMMENT 'Sum of billable durations, in seconds',
    `octets_up` UInt64 COMMENT 'Octets from subscribers',
    `octets_down` UInt64 COMMENT 'Octets to subscribers',
    `events` UInt64 COMMENT 'Events',
    `charge` Decimal(38, 6) COMMENT 'Sum of charges, in currency',
    `wholesale_charge` Decimal(38, 6) COMMENT 'Sum of wholesale charges, in currency',
    `setup_delay_ms` UInt64 COMMENT 'Sum of set-up delays, in ms',
    `setup_delay_records` UInt64 COMMENT 'Records that state a set-up delay: the divisor of its mean',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When a batch of these records was built, UTC: one of them'
)
ENGINE = {engine SummingMergeTree((records, answered, duration_seconds, billable_seconds, octets_up, octets_down, events, charge, wholesale_charge, setup_delay_ms, setup_delay_records))}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, leg, service, hour, partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency)
TTL toDateTime(ingest_time) + INTERVAL 25 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Usage by hour of the event. Sum again when reading: rows of one group are merged in the background only.';

DISTRIBUTED weir.usage_hour BY cityHash64(tenant, leg, service);

CREATE TABLE IF NOT EXISTS weir.usage_keys{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `leg` LowCardinality(String) COMMENT 'Leg of the chain',
    `business_key` UInt64 COMMENT 'Hash of the identity of the record itself: what makes two records the same usage',
    `record_id` UUID COMMENT 'Record',
    `start_time` DateTime64(3, 'UTC') COMMENT 'Start of the event, UTC',
    `source` LowCardinality(String) COMMENT 'Source that brought it',
    `file` LowCardinality(String) COMMENT 'File it came in',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, leg, business_key)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Business keys of usage records in key order: the authority on duplicates. Records without a key are not here.';

DISTRIBUTED weir.usage_keys BY cityHash64(tenant, business_key);

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.usage_minute_from_usage {on_cluster} TO weir.usage_minute{local} AS
SELECT
    tenant, leg, service, toStartOfMinute(toDateTime(usage.start_time, 'UTC'), 'UTC') AS minute,
    partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency,
    count() AS records,
    countIf(usage.answered) AS answered,
    sum(usage.duration_seconds) AS duration_seconds,
    sum(usage.billable_seconds) AS billable_seconds,
    sum(usage.octets_up) AS octets_up,
    sum(usage.octets_down) AS octets_down,
    sum(usage.events) AS events,
    sum(usage.charge) AS charge,
    sum(usage.wholesale_charge) AS wholesale_charge,
    sum(usage.setup_delay_ms) AS setup_delay_ms,
    countIf(usage.setup_delay_ms > 0) AS setup_delay_records,
    max(usage.ingest_time) AS ingest_time
FROM weir.usage{local} AS usage
GROUP BY tenant, leg, service, minute, partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency;

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.usage_hour_from_usage_minute {on_cluster} TO weir.usage_hour{local} AS
SELECT
    tenant, leg, service, toStartOfHour(usage_minute.minute, 'UTC') AS hour,
    partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency,
    sum(usage_minute.records) AS records,
    sum(usage_minute.answered) AS answered,
    sum(usage_minute.duration_seconds) AS duration_seconds,
    sum(usage_minute.billable_seconds) AS billable_seconds,
    sum(usage_minute.octets_up) AS octets_up,
    sum(usage_minute.octets_down) AS octets_down,
    sum(usage_minute.events) AS events,
    sum(usage_minute.charge) AS charge,
    sum(usage_minute.wholesale_charge) AS wholesale_charge,
    sum(usage_minute.setup_delay_ms) AS setup_delay_ms,
    sum(usage_minute.setup_delay_records) AS setup_delay_records,
    max(usage_minute.ingest_time) AS ingest_time
FROM weir.usage_minute{local} AS usage_minute
GROUP BY tenant, leg, service, hour, partner, direction, node, route, cell, apn, rat, plan, zone, segment, cause_class, currency;

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.usage_keys_from_usage {on_cluster} TO weir.usage_keys{local} AS
SELECT tenant, leg, business_key, record_id, start_time, source, file, ingest_time
FROM weir.usage{local}
WHERE business_key != 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.changed_buckets_from_usage_minute {on_cluster} TO weir.changed_buckets{local} AS
SELECT tenant, 'usage' AS `table`, toStartOfHour(minute, 'UTC') AS bucket, groupUniqArray(leg) AS legs, sum(usage_minute.records) AS records, max(usage_minute.ingest_time) AS ingest_time
FROM weir.usage_minute{local} AS usage_minute
GROUP BY tenant, bucket;

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.changed_buckets_from_measurements {on_cluster} TO weir.changed_buckets{local} AS
SELECT tenant, 'measurements' AS `table`, toStartOfHour(toDateTime(event_time, 'UTC'), 'UTC') AS bucket, CAST([], 'Array(LowCardinality(String))') AS legs, count() AS records, max(measurements.ingest_time) AS ingest_time
FROM weir.measurements{local} AS measurements
GROUP BY tenant, bucket;

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.changed_buckets_from_lifecycle {on_cluster} TO weir.changed_buckets{local} AS
SELECT tenant, 'lifecycle' AS `table`, toStartOfHour(toDateTime(event_time, 'UTC'), 'UTC') AS bucket, CAST([], 'Array(LowCardinality(String))') AS legs, count() AS records, max(lifecycle.ingest_time) AS ingest_time
FROM weir.lifecycle{local} AS lifecycle
GROUP BY tenant, bucket;
