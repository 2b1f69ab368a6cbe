-- Service level objectives: what was counted by slice, how each objective stands, and how its budget burned.

CREATE TABLE IF NOT EXISTS weir.slo_slices{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `slo` LowCardinality(String) COMMENT 'Objective: name of the SLO; of several objectives with its number behind it',
    `source` LowCardinality(String) COMMENT 'Hash of what was counted: another query is another series',
    `at` DateTime64(3, 'UTC') COMMENT 'Start of the slice of event time, UTC',
    `good` Float64 COMMENT 'Good events',
    `total` Float64 COMMENT 'All events; 0 = no data, neither good nor bad',
    `version` UInt64 COMMENT 'Grows each time the slice is counted again: the highest holds'
)
ENGINE = {engine ReplacingMergeTree(version)}
ORDER BY (tenant, slo, source, at)
TTL toDateTime(at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'Good and all events by slice of each objective. Slices are counted again when late data comes. Read the view slo_slices_latest.';

DISTRIBUTED weir.slo_slices BY cityHash64(tenant, slo);

CREATE VIEW IF NOT EXISTS weir.slo_slices_latest {on_cluster} AS
SELECT * FROM weir.slo_slices
ORDER BY version DESC
LIMIT 1 BY tenant, slo, source, at
COMMENT 'Good and all events by slice of each objective, as last counted.';

CREATE TABLE IF NOT EXISTS weir.slo_state{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `slo` LowCardinality(String) COMMENT 'Objective',
    `source` LowCardinality(String) COMMENT 'Hash of what was counted',
    `service` LowCardinality(String) COMMENT 'Service it belongs to',
    `title` String COMMENT 'Title',
    `method` LowCardinality(String) COMMENT 'Occurrences or Timeslices',
    `target` Float64 COMMENT 'Share that must be good, 0 to 1',
    `state` LowCardinality(String) COMMENT 'ok, burning, exhausted, no_data, learning (the past is still being counted)',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of its window, UTC',
    `window_to` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC; of a calendar window the end of the period',
    `judged_to` DateTime64(3, 'UTC') COMMENT 'Event time up to which it was counted, UTC',
    `last_data_at` DateTime64(3, 'UTC') COMMENT 'End of the last slice with data, UTC; 1970-01-01 = none',
    `good` Float64 COMMENT 'Good events, of Timeslices good slices, in the window',
    `total` Float64 COMMENT 'All events, of Timeslices slices with data, in the window',
    `share` Nullable(Float64) COMMENT 'Share of good, 0 to 1; null = no data',
    `allowed` Float64 COMMENT 'Bad ones that the window allows',
    `budget_left` Nullable(Float64) COMMENT 'Share of the error budget that is left: 1 all, 0 none, below it overspent; null = no data',
    `burn` Map(String, Float64) COMMENT 'Burn rate by window, e.g. 1h; what is missing has no data',
    `firing` Array(String) COMMENT 'Rules that fire',
    `updated_at` DateTime64(3, 'UTC') COMMENT 'When this was written, UTC'
)
ENGINE = {engine ReplacingMergeTree(updated_at)}
ORDER BY (tenant, slo)
TTL toDateTime(updated_at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'How each objective stands. Read the view slo_state_latest.';

DISTRIBUTED weir.slo_state BY cityHash64(tenant, slo);

CREATE VIEW IF NOT EXISTS weir.slo_state_latest {on_cluster} AS
SELECT * FROM weir.slo_state
ORDER BY updated_at DESC
LIMIT 1 BY tenant, slo
COMMENT 'How each objective stands: share of good, error budget left, burn rates, rules that fire.';

CREATE TABLE IF NOT EXISTS weir.slo_burn{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `slo` LowCardinality(String) COMMENT 'Objective',
    `at` DateTime64(3, 'UTC') COMMENT 'Event time up to which was counted, UTC',
    `state` LowCardinality(String) COMMENT 'ok, burning, exhausted, no_data',
    `good` Float64 COMMENT 'Good ones in the window of the objective',
    `total` Float64 COMMENT 'All in the window of the objective',
    `budget_left` Nullable(Float64) COMMENT 'Share of the error budget that is left; null = no data',
    `burn` Map(String, Float64) COMMENT 'Burn rate by window, e.g. 1h; what is missing has no data',
    `firing` Array(String) COMMENT 'Rules that fire',
    `written_at` DateTime64(3, 'UTC') COMMENT 'When this was written, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, slo, at)
TTL toDateTime(at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'History of burn rates and error budgets: a row every five minutes of event time, and whenever the state or the rules that fire change.';

DISTRIBUTED weir.slo_burn BY cityHash64(tenant, slo);
