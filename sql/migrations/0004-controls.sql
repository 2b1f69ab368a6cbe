-- What controls, detectors and people said, and what was sent out. Not partitioned: few rows, and one insert stays one part.

CREATE TABLE IF NOT EXISTS weir.control_results{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `control` LowCardinality(String) COMMENT 'Control, e.g. S01',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the judged window of event time, UTC',
    `window_to` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC',
    `cell` Map(String, String) COMMENT 'Cell of the comparison: dimension to value, names in ascending order',
    `observed` Nullable(Float64) COMMENT 'Observed side',
    `expected` Nullable(Float64) COMMENT 'Expected side',
    `statistic` Nullable(Float64) COMMENT 'Test statistic',
    `p` Nullable(Float64) COMMENT 'Calibrated p-value',
    `money` Nullable(Decimal(18, 6)) COMMENT 'Amount at stake, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `watermarks` Map(String, DateTime64(3, 'UTC')) COMMENT 'Watermark of each leg when it was judged, UTC',
    `state` LowCardinality(String) COMMENT 'ok, violation, not_applicable, waiting',
    `note` String COMMENT 'Why, for a person',
    `judged_at` DateTime64(3, 'UTC') COMMENT 'When it was judged, UTC',
    `version` UInt64 COMMENT 'Grows with each judgement of the same window and cell: the highest holds'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, control, window_from, window_to, version)
TTL toDateTime(judged_at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Every judgement of every control: both sides, the test, the money, the watermarks. Read the view control_results_latest.';

DISTRIBUTED weir.control_results BY cityHash64(tenant, control);

CREATE TABLE IF NOT EXISTS weir.findings{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `finding_key` String COMMENT 'Stable hash of detector, metric and scope, without time',
    `detector` LowCardinality(String) COMMENT 'Control or detector',
    `kind` LowCardinality(String) COMMENT 'revenue, service, data',
    `state` LowCardinality(String) COMMENT 'firing or cleared',
    `title` String COMMENT 'Title',
    `summary` String COMMENT 'What, how much, since when, why: for a person',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the window, UTC',
    `window_to` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC',
    `detected_at` DateTime64(3, 'UTC') COMMENT 'When it was detected, UTC',
    `began_at` DateTime64(3, 'UTC') COMMENT 'When it began, UTC',
    `observed` Float64 COMMENT 'Observed value',
    `expected` Float64 COMMENT 'Expected value',
    `lower` Float64 COMMENT 'Lower end of what was to be expected',
    `upper` Float64 COMMENT 'Upper end of what was to be expected',
    `score` Float64 COMMENT '-log10 of a calibrated p',
    `effect` Float64 COMMENT '(observed - expected) / expected',
    `money` Nullable(Decimal(18, 6)) COMMENT 'Amount, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `money_class` LowCardinality(String) COMMENT 'leakage, over_charge, risk',
    `customers` UInt64 COMMENT 'Customers concerned',
    `body` String COMMENT 'The whole finding as JSON'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, detector, finding_key, detected_at)
TTL toDateTime(detected_at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'What controls and detectors said: one row each time a finding fires, changes or clears.';

DISTRIBUTED weir.findings BY cityHash64(tenant, finding_key);

CREATE TABLE IF NOT EXISTS weir.incidents{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `incident_key` String COMMENT 'Stable over re-opening: the key of what is wrong',
    `incident_id` String COMMENT 'One per opening',
    `sequence` UInt64 COMMENT 'Grows by one with each transition',
    `transition` LowCardinality(String) COMMENT 'opened, updated, acknowledged, in_progress, resolved, closed, reopened',
    `state` LowCardinality(String) COMMENT 'State after the transition: open, acknowledged, in_progress, resolved, closed',
    `severity` UInt8 COMMENT 'Perceived severity: 1 critical to 5 informational',
    `category` LowCardinality(String) COMMENT 'revenue, service, data',
    `title` String COMMENT 'Title',
    `summary` String COMMENT 'What, how much, since when, why: for a person',
    `team` LowCardinality(String) COMMENT 'Team it is routed to',
    `assignee` LowCardinality(String) COMMENT 'Who works on it; empty = nobody',
    `money` Nullable(Decimal(18, 6)) COMMENT 'Amount, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `customers` UInt64 COMMENT 'Customers concerned',
    `began_at` DateTime64(3, 'UTC') COMMENT 'When what is wrong began, UTC',
    `detected_at` DateTime64(3, 'UTC') COMMENT 'When it was detected, UTC',
    `at` DateTime64(3, 'UTC') COMMENT 'When the transition happened, UTC',
    `body` String COMMENT 'The whole incident as it then stood, as JSON'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, incident_id, sequence)
SETTINGS {window}
COMMENT 'Transitions of incidents: one row each, stored before anything is sent. This table is the outbox. Read the view incident_latest.';

DISTRIBUTED weir.incidents BY cityHash64(tenant, incident_id);

CREATE TABLE IF NOT EXISTS weir.deliveries{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `incident_id` String COMMENT 'Incident',
    `sequence` UInt64 COMMENT 'Transition that was sent',
    `endpoint` LowCardinality(String) COMMENT 'Endpoint in the settings',
    `attempt` UInt32 COMMENT 'Number of the attempt, from 1',
    `at` DateTime64(3, 'UTC') COMMENT 'When the attempt ended, UTC',
    `state` LowCardinality(String) COMMENT 'delivered, retry, dead',
    `http_status` UInt16 COMMENT 'HTTP status; 0 = no answer',
    `error` String COMMENT 'Why it failed; empty = it did not',
    `next_attempt_at` DateTime64(3, 'UTC') COMMENT 'When it will be tried again, UTC; 1970-01-01 = never',
    `duration_ms` UInt32 COMMENT 'How long the attempt took, in ms'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, incident_id, sequence, endpoint, attempt)
TTL toDateTime(at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'Attempts to deliver transitions of incidents to endpoints.';

DISTRIBUTED weir.deliveries BY cityHash64(tenant, incident_id);

CREATE TABLE IF NOT EXISTS weir.verdicts{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `verdict_id` String COMMENT 'Identity of the verdict',
    `incident_id` String COMMENT 'Incident it is about; empty = a finding only',
    `finding_key` String COMMENT 'Finding it is about',
    `detector` LowCardinality(String) COMMENT 'Control or detector of the finding',
    `scope` Map(String, String) COMMENT 'Scope of the finding: dimension to value',
    `verdict` LowCardinality(String) COMMENT 'true, false, useful, duplicate, or as the ticket system words it',
    `note` String COMMENT 'What was said',
    `actor` LowCardinality(String) COMMENT 'Who said it',
    `origin` LowCardinality(String) COMMENT 'Where it was said: console, api, cli, ticket',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was said, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, detector, finding_key, at)
SETTINGS {window}
COMMENT 'Every true, false or useful that anyone said of a finding or an incident: what limits learn from.';

DISTRIBUTED weir.verdicts BY cityHash64(tenant, finding_key);

CREATE TABLE IF NOT EXISTS weir.maintenance{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `maintenance_id` String COMMENT 'Identity of the window or silence',
    `kind` LowCardinality(String) COMMENT 'window (planned work) or silence (asked for by a person)',
    `matchers` Map(String, String) COMMENT 'Labels that a finding must have to be held: name to value',
    `starts_at` DateTime64(3, 'UTC') COMMENT 'First instant, UTC',
    `ends_at` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC',
    `reason` String COMMENT 'Why',
    `actor` LowCardinality(String) COMMENT 'Who entered it',
    `state` LowCardinality(String) COMMENT 'active or cancelled',
    `version` UInt64 COMMENT 'Grows with each change: the highest holds',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was entered or changed, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, maintenance_id, version)
SETTINGS {window}
COMMENT 'Maintenance windows and silences. Read the view maintenance_latest.';

DISTRIBUTED weir.maintenance BY cityHash64(tenant, maintenance_id);

CREATE TABLE IF NOT EXISTS weir.audit{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant; empty = of the whole installation',
    `at` DateTime64(3, 'UTC') COMMENT 'When, UTC',
    `actor` LowCardinality(String) COMMENT 'Who: token name, user or process',
    `role` LowCardinality(String) COMMENT 'Role in which it was done',
    `action` LowCardinality(String) COMMENT 'What was done',
    `target` String COMMENT 'To what',
    `origin` LowCardinality(String) COMMENT 'Where it was asked for: console, api, cli, process',
    `detail` Map(String, String) COMMENT 'Figures and settings of the action; never a secret or an identity'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, at, actor)
TTL toDateTime(at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Who did what: logins, replays, verdicts, silences, reads of rejected bytes.';

DISTRIBUTED weir.audit BY cityHash64(tenant);

CREATE TABLE IF NOT EXISTS weir.scores{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `series_key` String COMMENT 'Stable hash of metric and scope',
    `detector` LowCardinality(String) COMMENT 'Detector',
    `metric` LowCardinality(String) COMMENT 'Metric',
    `scope` Map(String, String) COMMENT 'Scope of the series: dimension to value',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Start of the point, UTC',
    `observed` Float64 COMMENT 'Observed value',
    `expected` Float64 COMMENT 'Expected value',
    `lower` Float64 COMMENT 'Lower end of the band',
    `upper` Float64 COMMENT 'Upper end of the band',
    `score` Float64 COMMENT '-log10 of a calibrated p',
    `profile_version` UInt64 COMMENT 'Version of the profile that gave the band',
    `pinned` Bool COMMENT 'Stored because the series is pinned, not because it was marked',
    `scored_at` DateTime64(3, 'UTC') COMMENT 'When it was scored, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, detector, series_key, event_time)
TTL toDateTime(scored_at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'Scores of marked or pinned series only; other bands are computed again from series_profiles.';

DISTRIBUTED weir.scores BY cityHash64(tenant, series_key);

CREATE TABLE IF NOT EXISTS weir.series_profiles{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `series_key` String COMMENT 'Stable hash of metric and scope',
    `detector` LowCardinality(String) COMMENT 'Detector',
    `metric` LowCardinality(String) COMMENT 'Metric',
    `scope` Map(String, String) COMMENT 'Scope of the series: dimension to value',
    `version` UInt64 COMMENT 'Grows with each fit: the highest that is valid at an instant holds',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant of event time for which it holds, UTC',
    `fitted_at` DateTime64(3, 'UTC') COMMENT 'When it was fitted, UTC',
    `points` UInt64 COMMENT 'Points it was fitted to',
    `body` String COMMENT 'The profile as JSON: level, season, spread, calibration'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, detector, series_key, version)
TTL toDateTime(fitted_at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'Versioned profiles of series: what a detector expects, and from when on.';

DISTRIBUTED weir.series_profiles BY cityHash64(tenant, series_key);
