-- Agreements with partners: what each promised for a month, what was attained, what is owed and until when it can be claimed.

CREATE TABLE IF NOT EXISTS weir.sla_periods{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `agreement` LowCardinality(String) COMMENT 'Name of the agreement',
    `month` LowCardinality(String) COMMENT 'Month by the clock of the agreement, YYYY-MM',
    `target` LowCardinality(String) COMMENT 'Target of the agreement; empty = the agreement as a whole, with its cap',
    `title` String COMMENT 'Title of the agreement',
    `partner` LowCardinality(String) COMMENT 'Who it is with',
    `direction` LowCardinality(String) COMMENT 'they-owe-us or we-owe-them',
    `service` LowCardinality(String) COMMENT 'Service that it is about',
    `period_from` DateTime64(3, 'UTC') COMMENT 'First instant of the month, as far as the agreement holds, UTC',
    `period_to` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC',
    `final` Bool COMMENT 'The month is over; else what is here is preliminary',
    `promise` String COMMENT 'What was promised, in words',
    `unit` LowCardinality(String) COMMENT 'Unit of the figures: percent, or that of the KPI',
    `promised` Nullable(Float64) COMMENT 'Figure that was promised',
    `without_exclusions` Nullable(Float64) COMMENT 'Figure with everything counted; null = no data',
    `attained` Nullable(Float64) COMMENT 'Figure that counts; null = no data',
    `state` LowCardinality(String) COMMENT 'kept, missed, no_data; of the agreement as a whole missed when any target was missed',
    `completeness` Float64 COMMENT 'Share of the time that counts which has data, 0 to 1; of the agreement as a whole that of its poorest target',
    `excluded_minutes` Float64 COMMENT 'Minutes that do not count',
    `credit_percent` Float64 COMMENT 'Credit, percent of the monthly charge',
    `credit` Decimal(18, 6) COMMENT 'Credit, in currency; of the agreement as a whole after the cap',
    `currency` LowCardinality(String) COMMENT 'Currency of the credit, ISO 4217',
    `claim_until` Nullable(Date) COMMENT 'Last day of the claim by the clock of the agreement; null = no limit',
    `claim_ends` DateTime64(3, 'UTC') COMMENT 'First instant at which it can be claimed no more, UTC; 1970-01-01 = no limit',
    `updated_at` DateTime64(3, 'UTC') COMMENT 'When this was written, UTC'
)
ENGINE = {engine ReplacingMergeTree(updated_at)}
ORDER BY (tenant, agreement, month, target)
TTL toDateTime(period_to) + INTERVAL 37 MONTH
SETTINGS {window}
COMMENT 'Agreements by month and target: promised, attained, credit, claim. Written when the report on the month changes. Read the view sla_periods_latest.';

DISTRIBUTED weir.sla_periods BY cityHash64(tenant, agreement);

CREATE VIEW IF NOT EXISTS weir.sla_periods_latest {on_cluster} AS
SELECT * FROM weir.sla_periods
WHERE (tenant, agreement, month, updated_at) IN (SELECT tenant, agreement, month, max(updated_at) FROM weir.sla_periods GROUP BY tenant, agreement, month)
LIMIT 1 BY tenant, agreement, month, target
COMMENT 'Agreements by month and target as last computed, the agreement as a whole under an empty target.';
