-- The customer-experience index: one row per customer and day, of the latest run of the day. Each run is a partition of its own, so
-- that the one that it replaces goes without a rewrite, and a run that broke off is never seen.

CREATE TABLE IF NOT EXISTS weir.experience_scores{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `day` Date COMMENT 'Day, UTC',
    `run` UInt64 COMMENT 'Run that judged it: the latest of a day holds',
    `customer` UInt64 COMMENT 'Pseudonym of the customer: usage.subscriber, lifecycle.subscription',
    `segment` LowCardinality(String) COMMENT 'Segment, from usage, else from subscriptions; empty = not known',
    `plan` LowCardinality(String) COMMENT 'Plan, likewise',
    `state` LowCardinality(String) COMMENT 'scored, or too_few: there are samples, and no KPI has enough of them',
    `cei` Nullable(Float32) COMMENT 'Customer-experience index, 0 to 100; null = too few samples, which is no number',
    `mean` Nullable(Float32) COMMENT 'Weighted mean of the day, before worst hour and floor',
    `worst_hour` DateTime('UTC') COMMENT 'Start of the worst hour, UTC; 1970-01-01 = no hour has enough samples',
    `worst_hour_cei` Nullable(Float32) COMMENT 'Index of the worst hour; null = no hour has enough samples',
    `floor_kpi` LowCardinality(String) COMMENT 'KPI that is so bad that it caps the index; empty = none',
    `weakest_kpi` LowCardinality(String) COMMENT 'KPI that costs most points; empty = none costs any',
    `samples` UInt64 COMMENT 'Samples of all KPIs: calls, messages, sessions, readings, complaints',
    `kpi` Array(LowCardinality(String)) COMMENT 'KPIs that were measured; the next columns go along with it',
    `value` Array(Float64) COMMENT 'Value of each, in its unit',
    `kpi_samples` Array(UInt64) COMMENT 'Samples of each',
    `score` Array(Nullable(Float32)) COMMENT 'Score of each, 0 to 100; null = too few samples, it does not count',
    `share` Array(Float32) COMMENT 'Share of each in the mean, 0 to 1: share x score are its points, share x (100 - score) those that it costs'
)
ENGINE = {engine MergeTree}
PARTITION BY run
ORDER BY (tenant, day, customer)
TTL day + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Customer-experience index of customers by day, of every run. Read the view experience_daily.';

DISTRIBUTED weir.experience_scores BY cityHash64(tenant, customer);

CREATE TABLE IF NOT EXISTS weir.experience_runs{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `day` Date COMMENT 'Day, UTC',
    `run` UInt64 COMMENT 'Run: the latest of a day holds; a thousandth of it is when it began, ms since 1970',
    `state` LowCardinality(String) COMMENT 'complete, or partial: records of the day were still to come',
    `customers` UInt64 COMMENT 'Customers with anything measured',
    `scored` UInt64 COMMENT 'Of them, with an index',
    `floored` UInt64 COMMENT 'Of them, capped by one terrible KPI',
    `legs` Map(LowCardinality(String), LowCardinality(String)) COMMENT 'Leg that told of each service',
    `settings` String COMMENT 'Points, weights and minima that held, as JSON',
    `finished_at` DateTime64(3, 'UTC') COMMENT 'When it was done, UTC',
    `took_ms` UInt64 COMMENT 'How long it took, in ms'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, day, run)
TTL toDateTime(finished_at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Runs of the customer-experience index with the settings that held.';

DISTRIBUTED weir.experience_runs BY cityHash64(tenant);

CREATE VIEW IF NOT EXISTS weir.experience_daily {on_cluster} AS
SELECT *
FROM weir.experience_scores
WHERE (tenant, day, run) IN (SELECT tenant, day, max(run) FROM weir.experience_runs GROUP BY tenant, day)
COMMENT 'Customer-experience index by customer and day, as last judged. Join customer with usage.subscriber.';

CREATE VIEW IF NOT EXISTS weir.experience_segments {on_cluster} AS
SELECT
    tenant, day, if(experience_daily.segment = '', 'unknown', toString(experience_daily.segment)) AS segment,
    count() AS customers, countIf(state = 'scored') AS scored, countIf(state = 'too_few') AS too_few, countIf(floor_kpi != '') AS floored,
    avg(cei) AS cei, quantile(0.5)(experience_daily.cei) AS median, quantile(0.1)(experience_daily.cei) AS p10, countIf(experience_daily.cei < 40) AS below_40, avg(worst_hour_cei) AS worst_hour
FROM weir.experience_daily AS experience_daily
GROUP BY tenant, day, segment
COMMENT 'Customer-experience index by segment and day: mean, median, tenth percentile, customers below 40 and capped by one KPI.';

CREATE VIEW IF NOT EXISTS weir.experience_kpis {on_cluster} AS
SELECT
    tenant, day, if(each_customer.segment = '', 'unknown', toString(each_customer.segment)) AS segment, each_kpi AS kpi,
    count() AS customers, countIf(each_score IS NOT NULL) AS counted, avg(each_score) AS score, avg(each_value) AS value, sum(each_samples) AS samples,
    sumIf(each_share * (100 - ifNull(each_score, 100)), state = 'scored') AS lost
FROM weir.experience_daily AS each_customer
ARRAY JOIN each_customer.kpi AS each_kpi, each_customer.value AS each_value, each_customer.kpi_samples AS each_samples, each_customer.score AS each_score, each_customer.share AS each_share
GROUP BY tenant, day, segment, kpi
COMMENT 'What each KPI does to the index of a segment: mean score and value, and points lost over all customers.';
