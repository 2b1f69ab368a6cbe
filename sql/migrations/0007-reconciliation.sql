-- Record-level reconciliation of two legs. A run fills the pairs of one window, then states itself in reconciliations; a run that
-- never got there is not seen by the views. How it works: docs/decisions/0014-reconciliation.md.
-- Partitioned by run, so that what a later run replaces goes at once and nothing is rewritten.

CREATE TABLE IF NOT EXISTS weir.reconciliations{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `control` LowCardinality(String) COMMENT 'Control that asked for it: S08 or S09',
    `comparison` LowCardinality(String) COMMENT 'Name of the comparison in the settings',
    `run` UInt64 COMMENT 'Run of the reconciliation, grows with each: the latest of a window holds',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the reconciled window of event time, UTC',
    `window_to` DateTime64(3, 'UTC') COMMENT 'First instant after the window, UTC',
    `leg_a` LowCardinality(String) COMMENT 'Leg upstream, or our own',
    `leg_b` LowCardinality(String) COMMENT 'Leg downstream, or that of the partner',
    `partner` LowCardinality(String) COMMENT 'Partner compared; empty = all',
    `state` LowCardinality(String) COMMENT 'done, or not_applicable: a leg has no records',
    `note` String COMMENT 'What was missing, for a person',
    `records_a` UInt64 COMMENT 'Records of A in the window',
    `records_b` UInt64 COMMENT 'Records of B in the window',
    `exact` UInt64 COMMENT 'Pairs that agree in everything that is compared',
    `within_tolerance` UInt64 COMMENT 'Pairs that agree within the tolerances',
    `settled` UInt64 COMMENT 'Records without partner, or pairs, whose units agree over the day of their subscriber',
    `mismatch` UInt64 COMMENT 'Pairs that differ beyond a tolerance',
    `a_only` UInt64 COMMENT 'Records of A without partner',
    `b_only` UInt64 COMMENT 'Records of B without partner',
    `charge_a` Int64 COMMENT 'Charges of A in the window, in micro-units of the currency',
    `charge_b` Int64 COMMENT 'Charges of B in the window, in micro-units of the currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `tolerances` Map(String, Float64) COMMENT 'Tolerances that were used, by name',
    `finished_at` DateTime64(3, 'UTC') COMMENT 'When it was done, UTC',
    `took_ms` UInt64 COMMENT 'How long it took, in ms'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, control, comparison, window_from, run)
TTL toDateTime(finished_at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Runs of record-level reconciliation with their counts. Read the view reconciliations_latest.';

DISTRIBUTED weir.reconciliations BY cityHash64(tenant, control);

CREATE TABLE IF NOT EXISTS weir.reconciliation_pairs{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `control` LowCardinality(String) COMMENT 'Control that asked for it: S08 or S09',
    `comparison` LowCardinality(String) COMMENT 'Name of the comparison in the settings',
    `run` UInt64 COMMENT 'Run of the reconciliation, grows with each: the latest of a window holds',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the reconciled window of event time, UTC',
    `class` LowCardinality(String) COMMENT 'exact, within_tolerance, mismatch, a_only, b_only',
    `how` LowCardinality(String) COMMENT 'What brought the sides together: key (an identifier of both legs), time (subscriber, other party and start), daily_sum (the units of the day agree); empty = nothing',
    `service` LowCardinality(String) COMMENT 'Service',
    `direction` LowCardinality(String) COMMENT 'mo, mt, transit, na',
    `subscriber` UInt64 COMMENT 'Pseudonym of the subscriber',
    `other_party_suffix` UInt64 COMMENT 'Pseudonym of the last 8 digits of the other party',
    `record_a` UUID COMMENT 'Record of the leg upstream; all zeros = none',
    `record_b` UUID COMMENT 'Record of the leg downstream; all zeros = none',
    `start_a` DateTime64(3, 'UTC') COMMENT 'Start as A states it, UTC; 1970-01-01 = no record',
    `start_b` DateTime64(3, 'UTC') COMMENT 'Start as B states it, UTC; 1970-01-01 = no record',
    `ms_a` Int64 COMMENT 'Billable duration of A, in ms',
    `ms_b` Int64 COMMENT 'Billable duration of B, in ms',
    `octets_a` Int64 COMMENT 'Octets of A, both directions',
    `octets_b` Int64 COMMENT 'Octets of B, both directions',
    `events_a` Int64 COMMENT 'Events of A',
    `events_b` Int64 COMMENT 'Events of B',
    `charge_a` Int64 COMMENT 'Charge of A in micro-units of the currency',
    `charge_b` Int64 COMMENT 'Charge of B in micro-units of the currency',
    `node` LowCardinality(String) COMMENT 'Network element of a break: of A, else of B; empty in pairs that agree',
    `plan` LowCardinality(String) COMMENT 'Plan of a break, likewise',
    `prefix` LowCardinality(String) COMMENT 'Prefix of the other party of a break, likewise',
    `zone` LowCardinality(String) COMMENT 'Zone of a break, likewise',
    `route` LowCardinality(String) COMMENT 'Route of a break, likewise',
    `money` Int64 COMMENT 'What A states more than B, in micro-units of the currency; 0 in pairs that agree'
)
ENGINE = {engine MergeTree}
PARTITION BY run
ORDER BY (tenant, control, comparison, window_from, class)
TTL toDateTime(window_from) + INTERVAL 35 DAY DELETE WHERE class = 'exact', toDateTime(window_from) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'What became of each record that was reconciled: its partner, its class and what the two sides state. Pairs that agree exactly are kept for 35 days.';

DISTRIBUTED weir.reconciliation_pairs BY cityHash64(tenant, subscriber);

CREATE TABLE IF NOT EXISTS weir.reconciliation_causes{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `control` LowCardinality(String) COMMENT 'Control that asked for it: S08 or S09',
    `comparison` LowCardinality(String) COMMENT 'Name of the comparison in the settings',
    `run` UInt64 COMMENT 'Run of the reconciliation, grows with each: the latest of a window holds',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the reconciled window of event time, UTC',
    `cause` String COMMENT 'What it is, stable from run to run: pattern and dimensions, or unexplained',
    `class` LowCardinality(String) COMMENT 'mismatch, a_only, b_only',
    `pattern` LowCardinality(String) COMMENT 'start_offset, rounding, ratio, where, unexplained',
    `text` String COMMENT 'The cause in words',
    `dimensions` Map(String, String) COMMENT 'Dimension values that hold it; empty = everywhere',
    `value` Float64 COMMENT 'Offset in ms, ratio, or increment in seconds, by pattern',
    `records` UInt64 COMMENT 'Breaks that it explains',
    `share` Float64 COMMENT 'Share of the breaks of its class, 0 to 1',
    `more_a` Int64 COMMENT 'What A states more than B in these breaks, in micro-units of the currency',
    `more_b` Int64 COMMENT 'What B states more than A, likewise',
    `customers` UInt64 COMMENT 'Subscribers concerned',
    `began_at` DateTime64(3, 'UTC') COMMENT 'Start of the first of these breaks, UTC',
    `samples` Array(String) COMMENT 'Identifiers of records that show it',
    `finished_at` DateTime64(3, 'UTC') COMMENT 'When the run was done, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, control, comparison, window_from, run, cause)
TTL toDateTime(finished_at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Why the breaks of a run break: one row per cause, so that a million breaks are one sentence.';

DISTRIBUTED weir.reconciliation_causes BY cityHash64(tenant, control);

CREATE TABLE IF NOT EXISTS weir.reconciliation_open{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `control` LowCardinality(String) COMMENT 'Control that asked for it: S08 or S09',
    `comparison` LowCardinality(String) COMMENT 'Name of the comparison in the settings',
    `run` UInt64 COMMENT 'Run of the reconciliation, grows with each: the latest of a window holds',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the reconciled window of event time, UTC',
    `pass` UInt8 COMMENT 'Pass that could not place it: 0 by key within an hour, 1 by key within the window, 2 by time',
    `key` UInt64 COMMENT 'Hash of the identifier that both legs state; unique to the record where there is none',
    `class` LowCardinality(String) COMMENT 'mismatch; several = records that share a key; empty = no partner yet',
    `how` LowCardinality(String) COMMENT 'What brought the sides together: key (an identifier of both legs), time (subscriber, other party and start), daily_sum (the units of the day agree); empty = nothing',
    `service` LowCardinality(String) COMMENT 'Service',
    `direction` LowCardinality(String) COMMENT 'mo, mt, transit, na',
    `subscriber` UInt64 COMMENT 'Pseudonym of the subscriber',
    `other_party_suffix` UInt64 COMMENT 'Pseudonym of the last 8 digits of the other party',
    `record_a` UUID COMMENT 'Record of the leg upstream; all zeros = none',
    `record_b` UUID COMMENT 'Record of the leg downstream; all zeros = none',
    `start_a` DateTime64(3, 'UTC') COMMENT 'Start as A states it, UTC; 1970-01-01 = no record',
    `start_b` DateTime64(3, 'UTC') COMMENT 'Start as B states it, UTC; 1970-01-01 = no record',
    `ms_a` Int64 COMMENT 'Billable duration of A, in ms',
    `ms_b` Int64 COMMENT 'Billable duration of B, in ms',
    `octets_a` Int64 COMMENT 'Octets of A, both directions',
    `octets_b` Int64 COMMENT 'Octets of B, both directions',
    `events_a` Int64 COMMENT 'Events of A',
    `events_b` Int64 COMMENT 'Events of B',
    `charge_a` Int64 COMMENT 'Charge of A in micro-units of the currency',
    `charge_b` Int64 COMMENT 'Charge of B in micro-units of the currency'
)
ENGINE = {engine MergeTree}
PARTITION BY run
ORDER BY (tenant, pass, class, subscriber)
TTL toDateTime(window_from) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'What a run has not placed yet; emptied when it is done.';

DISTRIBUTED weir.reconciliation_open BY cityHash64(tenant, subscriber);

CREATE TABLE IF NOT EXISTS weir.reconciliation_stage{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `control` LowCardinality(String) COMMENT 'Control that asked for it: S08 or S09',
    `comparison` LowCardinality(String) COMMENT 'Name of the comparison in the settings',
    `run` UInt64 COMMENT 'Run of the reconciliation, grows with each: the latest of a window holds',
    `window_from` DateTime64(3, 'UTC') COMMENT 'First instant of the reconciled window of event time, UTC',
    `pass` UInt8 COMMENT 'Pass that could not place it: 0 by key within an hour, 1 by key within the window, 2 by time',
    `key` UInt64 COMMENT 'Hash of the identifier that both legs state; unique to the record where there is none',
    `class` LowCardinality(String) COMMENT 'mismatch; several = records that share a key; empty = no partner yet',
    `how` LowCardinality(String) COMMENT 'What brought the sides together: key (an identifier of both legs), time (subscriber, other party and start), daily_sum (the units of the day agree); empty = nothing',
    `service` LowCardinality(String) COMMENT 'Service',
    `direction` LowCardinality(String) COMMENT 'mo, mt, transit, na',
    `subscriber` UInt64 COMMENT 'Pseudonym of the subscriber',
    `other_party_suffix` UInt64 COMMENT 'Pseudonym of the last 8 digits of the other party',
    `record_a` UUID COMMENT 'Record of the leg upstream; all zeros = none',
    `record_b` UUID COMMENT 'Record of the leg downstream; all zeros = none',
    `start_a` DateTime64(3, 'UTC') COMMENT 'Start as A states it, UTC; 1970-01-01 = no record',
    `start_b` DateTime64(3, 'UTC') COMMENT 'Start as B states it, UTC; 1970-01-01 = no record',
    `ms_a` Int64 COMMENT 'Billable duration of A, in ms',
    `ms_b` Int64 COMMENT 'Billable duration of B, in ms',
    `octets_a` Int64 COMMENT 'Octets of A, both directions',
    `octets_b` Int64 COMMENT 'Octets of B, both directions',
    `events_a` Int64 COMMENT 'Events of A',
    `events_b` Int64 COMMENT 'Events of B',
    `charge_a` Int64 COMMENT 'Charge of A in micro-units of the currency',
    `charge_b` Int64 COMMENT 'Charge of B in micro-units of the currency'
)
ENGINE = Null
COMMENT 'Where a pass writes: pairs that agree go to reconciliation_pairs, all else to reconciliation_open. Holds nothing.';

DISTRIBUTED weir.reconciliation_stage BY cityHash64(tenant, subscriber);

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.reconciliation_pairs_from_stage {on_cluster} TO weir.reconciliation_pairs{local} AS
SELECT * EXCEPT (pass, key), '' AS node, '' AS plan, '' AS prefix, '' AS zone, '' AS route, toInt64(0) AS money
FROM weir.reconciliation_stage{local} AS reconciliation_stage
WHERE class IN ('exact', 'within_tolerance');

CREATE MATERIALIZED VIEW IF NOT EXISTS weir.reconciliation_open_from_stage {on_cluster} TO weir.reconciliation_open{local} AS
SELECT * FROM weir.reconciliation_stage{local} AS reconciliation_stage
WHERE class NOT IN ('exact', 'within_tolerance');

CREATE VIEW IF NOT EXISTS weir.reconciliations_latest {on_cluster} AS
SELECT * FROM weir.reconciliations
ORDER BY run DESC
LIMIT 1 BY tenant, control, comparison, window_from, window_to
COMMENT 'The latest run of each comparison and window.';

CREATE VIEW IF NOT EXISTS weir.reconciliation_breaks {on_cluster} AS
SELECT * FROM weir.reconciliation_pairs
WHERE class IN ('mismatch', 'a_only', 'b_only')
    AND (tenant, control, comparison, run) IN (SELECT tenant, control, comparison, run FROM weir.reconciliations_latest)
COMMENT 'The breaks of the latest runs: pairs that differ beyond a tolerance, and records without partner.';
