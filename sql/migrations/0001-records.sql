-- Record kinds: one table per kind of core/kinds, with the batch columns first. Nothing is merged or replaced in them: a row stays
-- as its source stated it, so that the ledger can be proved against the tables.
-- Partition by ingest month, which is constant within a batch: one batch is one part, whatever event times a source sends.
-- Column names, types and comments equal core/kinds; a test compares them.

CREATE TABLE IF NOT EXISTS weir.usage{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `leg` LowCardinality(String) COMMENT 'Where in the chain it was tapped: switch, mediation, ocs, rating, billing, mno_wholesale, tap_in, tap_out, nrtrde, aaa, partner',
    `node` LowCardinality(String) COMMENT 'Network element that wrote the record',
    `service` LowCardinality(String) COMMENT 'voice, sms, mms, data, content, recurring, oneoff, other',
    `direction` LowCardinality(String) COMMENT 'mo (from our subscriber), mt (to our subscriber), transit, na',
    `partner` LowCardinality(String) COMMENT 'Partner behind the route or network: host, interconnect or roaming partner',
    `answered` Bool COMMENT 'Voice: the call was answered. Other services: delivered',
    `cause` UInt16 COMMENT 'Release cause, ITU-T Q.850 value; 0 = not stated',
    `cause_class` LowCardinality(String) COMMENT 'Class of the release: normal, user, network, congestion, interworking, unknown',
    `sip_code` UInt16 COMMENT 'SIP final response code; 0 = none',
    `release_side` LowCardinality(String) COMMENT 'Who released: caller, callee, network',
    `final_status` LowCardinality(String) COMMENT 'Final state as the source words it, e.g. ANSWERED, delivered, rejected',
    `setup_delay_ms` UInt32 COMMENT 'Set-up delay in ms: request to answer',
    `post_dial_delay_ms` UInt32 COMMENT 'Post-dial delay in ms: request to ringing',
    `subscriber` UInt64 COMMENT 'Pseudonym of our subscriber (keyed HMAC of the E.164 number, IMSI or user name)',
    `other_party` UInt64 COMMENT 'Pseudonym of the other party (keyed HMAC of the E.164 number)',
    `other_party_suffix` UInt64 COMMENT 'Pseudonym of the last 8 digits of the other party, for matching across number formats',
    `imsi` UInt64 COMMENT 'Pseudonym of the IMSI',
    `equipment` UInt64 COMMENT 'Pseudonym of the IMEI',
    `country` LowCardinality(String) COMMENT 'Country of the other party, ISO 3166 alpha-2',
    `prefix` LowCardinality(String) COMMENT 'Longest known E.164 prefix of the other party, in clear',
    `zone` LowCardinality(String) COMMENT 'Rating or destination zone',
    `mcc_mnc` LowCardinality(String) COMMENT 'Serving network, MCC-MNC, in clear',
    `number_range` LowCardinality(String) COMMENT 'Our subscriber''s number or IMSI range, in clear',
    `tac` LowCardinality(String) COMMENT 'Type allocation code: first 8 digits of the IMEI, in clear',
    `charging_id` String COMMENT 'Charging identifier of the network (3GPP chargingID, call reference)',
    `session_id` String COMMENT 'Session identifier (Acct-Session-Id, SIP Call-ID, linkedid)',
    `local_sequence` UInt64 COMMENT 'Sequence number of the record within its node; 0 = none',
    `partial_sequence` UInt32 COMMENT 'Number of a partial record in its chain, from 1; 0 = not partial',
    `closing_cause` LowCardinality(String) COMMENT 'Why the record was closed, for chains of partial records',
    `start_time` DateTime64(3, 'UTC') COMMENT 'Start of the event, UTC',
    `answer_time` DateTime64(3, 'UTC') COMMENT 'Answer, UTC; 1970-01-01 = not answered or not stated',
    `end_time` DateTime64(3, 'UTC') COMMENT 'End of the event, UTC',
    `utc_offset_minutes` Int16 COMMENT 'The source''s own offset from UTC, in minutes',
    `duration_seconds` Float64 COMMENT 'Duration of the event in seconds, start to end',
    `billable_seconds` Float64 COMMENT 'Billable duration in seconds, answer to end, as stated by the leg',
    `octets_up` UInt64 COMMENT 'Octets from the subscriber',
    `octets_down` UInt64 COMMENT 'Octets to the subscriber',
    `events` UInt32 COMMENT 'Number of events (messages, items)',
    `rating_group` UInt32 COMMENT 'Rating group (3GPP); 0 = none',
    `cell` LowCardinality(String) COMMENT 'Cell key: plmn-lac-ci, plmn-tac-ci or nci',
    `site` LowCardinality(String) COMMENT 'Site of the cell',
    `trunk_in` LowCardinality(String) COMMENT 'Incoming trunk group',
    `route` LowCardinality(String) COMMENT 'Outgoing trunk group or route',
    `apn` LowCardinality(String) COMMENT 'Access point name or data network name',
    `rat` LowCardinality(String) COMMENT 'Radio or access technology: 2g, 3g, 4g, 5g, wlan, fttx, docsis, pstn, sip',
    `plan` LowCardinality(String) COMMENT 'Plan of the subscription',
    `segment` LowCardinality(String) COMMENT 'Customer segment: consumer, business, wholesale, vip',
    `mos` Nullable(Float32) COMMENT 'Mean opinion score, 1 to 5',
    `jitter_ms` Nullable(Float32) COMMENT 'Inter-arrival jitter in ms',
    `loss_percent` Nullable(Float32) COMMENT 'Packet loss in percent',
    `charge` Decimal(18, 6) COMMENT 'Amount charged by this leg, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency of the amounts, ISO 4217',
    `tariff` LowCardinality(String) COMMENT 'Tariff and version by which it was charged',
    `zero_reason` LowCardinality(String) COMMENT 'Why the charge is zero: allowance, free, unanswered',
    `wholesale_charge` Decimal(18, 6) COMMENT 'Amount that the host or partner charges us, in currency',
    `status` LowCardinality(String) COMMENT 'State of the record by TMF635: received, rejected, recycled, guided, rated, rerated, billed',
    `duplicate` UInt8 COMMENT '0 = first seen, 1 = repeats a record of the same batch, 2 = repeats a recent one; the authority is the table usage_keys',
    `business_key` UInt64 COMMENT 'Hash of the record''s own identity: what makes two records the same usage',
    `flags` LowCardinality(String) COMMENT 'What a step noticed, space-separated: not_e164, no_end, clock_ahead, unknown_cell, …'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, leg, service, toStartOfHour(start_time), subscriber, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Usage records of every leg: calls, messages, data sessions, charges. One row per record as the leg stated it.';

DISTRIBUTED weir.usage BY cityHash64(tenant, subscriber);

CREATE TABLE IF NOT EXISTS weir.measurements{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `metric` LowCardinality(String) COMMENT 'Name of the metric with its unit, e.g. rx_power_dbm, if_in_octets',
    `device` String COMMENT 'Device that was measured: ONT, CPE, OLT port, cell, interface',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Instant of the measurement, UTC',
    `value` Float64 COMMENT 'The value, in unit',
    `unit` LowCardinality(String) COMMENT 'Unit of the value: dBm, octets, percent, ms, seconds, count',
    `instrument` LowCardinality(String) COMMENT 'gauge (a level) or counter (grows until it wraps or restarts)',
    `node` LowCardinality(String) COMMENT 'Network element that reports the device',
    `site` LowCardinality(String) COMMENT 'Site of the device',
    `model` LowCardinality(String) COMMENT 'Model of the device',
    `firmware` LowCardinality(String) COMMENT 'Firmware of the device',
    `attributes` Map(LowCardinality(String), String) COMMENT 'Everything else the source said, by name'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, metric, device, event_time, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Device telemetry: one value of one metric of one device at one instant.';

DISTRIBUTED weir.measurements BY cityHash64(tenant, device);

CREATE TABLE IF NOT EXISTS weir.lifecycle{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `step` LowCardinality(String) COMMENT 'Step of the life cycle, open: ordered, paid, activated, provisioned, first_usage, first_charge, suspended, ceased, …',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Instant of the step, UTC',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `order_id` String COMMENT 'Order or request the step belongs to',
    `result` LowCardinality(String) COMMENT 'ok, failed, pending, or as the source words it',
    `error` String COMMENT 'Error of a failed step, as the source words it',
    `actor` LowCardinality(String) COMMENT 'Who did it: system, shop, agent, customer',
    `system` LowCardinality(String) COMMENT 'System that reported it: crm, provisioning, hlr, billing, …',
    `plan` LowCardinality(String) COMMENT 'Plan of the subscription',
    `segment` LowCardinality(String) COMMENT 'Customer segment',
    `duration_seconds` Float64 COMMENT 'How long the step took, in seconds'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, step, toStartOfHour(event_time), subscription, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Customer life-cycle events: orders, activations, provisioning, suspensions, each step with its result.';

DISTRIBUTED weir.lifecycle BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.balance_movements{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Instant of the movement, UTC',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `movement` LowCardinality(String) COMMENT 'topup, bonus, usage, expiry, transfer, adjustment',
    `amount` Decimal(18, 6) COMMENT 'Amount, positive = credited, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `reference` String COMMENT 'Voucher, payment or charging reference',
    `channel` LowCardinality(String) COMMENT 'Channel of a top-up'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, subscription, event_time, movement, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Movements of prepaid balances.';

DISTRIBUTED weir.balance_movements BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.balance_snapshots{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Instant of the snapshot, UTC',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `balance` Decimal(18, 6) COMMENT 'Balance, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, subscription, event_time, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Prepaid balances at an instant.';

DISTRIBUTED weir.balance_snapshots BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.calendar_days{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `calendar` LowCardinality(String) COMMENT 'Calendar: country code or own name',
    `day` DateTime64(3, 'UTC') COMMENT 'Local midnight of the day, UTC',
    `day_type` LowCardinality(String) COMMENT 'holiday, school_holiday, campaign, event',
    `name` String COMMENT 'Name of the day'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, calendar, day, record_id)
SETTINGS {window}
COMMENT 'Days that are not ordinary: holidays, campaigns, events.';

DISTRIBUTED weir.calendar_days BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.causes{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `partner` LowCardinality(String) COMMENT 'Partner; empty = all',
    `scheme` LowCardinality(String) COMMENT 'q850 or sip',
    `value` UInt16 COMMENT 'Cause value or SIP code',
    `cause_class` LowCardinality(String) COMMENT 'normal, user, network, congestion, interworking, unknown',
    `name` String COMMENT 'Name of the cause',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, partner, scheme, value, valid_from, record_id)
SETTINGS {window}
COMMENT 'What a release cause means, per partner: Q.850 value or SIP code to class.';

DISTRIBUTED weir.causes BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.cells{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `cell` LowCardinality(String) COMMENT 'Cell key, as in usage.cell',
    `site` LowCardinality(String) COMMENT 'Site',
    `zone` LowCardinality(String) COMMENT 'Zone',
    `rat` LowCardinality(String) COMMENT 'Radio technology',
    `node` LowCardinality(String) COMMENT 'Controller or core node that serves it',
    `latitude` Float64 COMMENT 'Latitude, degrees',
    `longitude` Float64 COMMENT 'Longitude, degrees',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, cell, valid_from, record_id)
SETTINGS {window}
COMMENT 'Cells with their site and zone.';

DISTRIBUTED weir.cells BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.change_events{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `event_time` DateTime64(3, 'UTC') COMMENT 'When the change took effect, UTC',
    `change_id` String COMMENT 'Change number',
    `change_kind` LowCardinality(String) COMMENT 'configuration, software, price, capacity, maintenance',
    `system` LowCardinality(String) COMMENT 'System or node changed',
    `scope` String COMMENT 'What it touches, as label=value pairs',
    `summary` String COMMENT 'What was changed',
    `actor` LowCardinality(String) COMMENT 'Who changed it'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, event_time, system, change_id, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Changes to network, systems and prices: the first suspects of an incident.';

DISTRIBUTED weir.change_events BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.complaints{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Received, UTC',
    `complaint_id` String COMMENT 'Complaint number',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `topic` LowCardinality(String) COMMENT 'Topic: no_service, slow, bill, …',
    `service` LowCardinality(String) COMMENT 'Service complained of',
    `channel` LowCardinality(String) COMMENT 'Channel: call, chat, shop, …',
    `site` LowCardinality(String) COMMENT 'Site or area'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, topic, event_time, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Complaints of customers as the contact centre books them.';

DISTRIBUTED weir.complaints BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.credits{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Granted, UTC',
    `account` UInt64 COMMENT 'Pseudonym of the account',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `amount` Decimal(18, 6) COMMENT 'Amount granted, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `reason` LowCardinality(String) COMMENT 'Reason code',
    `agent` LowCardinality(String) COMMENT 'Who granted it',
    `approval` LowCardinality(String) COMMENT 'Who approved it'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, agent, event_time, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Credits, discounts and adjustments granted to customers.';

DISTRIBUTED weir.credits BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.exchange_rates{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `day` DateTime64(3, 'UTC') COMMENT 'Day of the rate, UTC midnight',
    `from_currency` LowCardinality(String) COMMENT 'ISO 4217',
    `to_currency` LowCardinality(String) COMMENT 'ISO 4217',
    `rate` Float64 COMMENT 'Units of to_currency for one unit of from_currency',
    `offset_days` Int16 COMMENT 'Days by which the rate lags its publication',
    `priority` Int32 COMMENT 'Higher wins where two rates hold'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, from_currency, to_currency, day, record_id)
SETTINGS {window}
COMMENT 'Exchange rates by day.';

DISTRIBUTED weir.exchange_rates BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.field_visits{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `visit_id` String COMMENT 'Visit number',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `team` LowCardinality(String) COMMENT 'Team',
    `area` LowCardinality(String) COMMENT 'Area',
    `booked_for` DateTime64(3, 'UTC') COMMENT 'Booked for, UTC',
    `arrived_at` DateTime64(3, 'UTC') COMMENT 'Arrived, UTC',
    `done_at` DateTime64(3, 'UTC') COMMENT 'Done, UTC',
    `outcome` LowCardinality(String) COMMENT 'done, missed, no_access, repeat',
    `reason` String COMMENT 'Reason of a miss'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, area, booked_for, visit_id, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Field visits: booked, arrived, done, missed.';

DISTRIBUTED weir.field_visits BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.invoices{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `invoice_id` String COMMENT 'Invoice number',
    `invoice_kind` LowCardinality(String) COMMENT 'retail or wholesale',
    `account` UInt64 COMMENT 'Pseudonym of the account',
    `partner` LowCardinality(String) COMMENT 'Partner of a wholesale invoice',
    `period_start` DateTime64(3, 'UTC') COMMENT 'First instant of the billed period, UTC',
    `period_end` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC',
    `issued_at` DateTime64(3, 'UTC') COMMENT 'Issued, UTC',
    `amount` Decimal(18, 6) COMMENT 'Amount before tax, in currency',
    `tax` Decimal(18, 6) COMMENT 'Tax, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, invoice_kind, partner, invoice_id, issued_at, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Invoices, retail (to customers) and wholesale (from partners).';

DISTRIBUTED weir.invoices BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.invoice_lines{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `invoice_id` String COMMENT 'Invoice number',
    `line` UInt32 COMMENT 'Line number',
    `line_kind` LowCardinality(String) COMMENT 'usage, recurring, oneoff, discount, credit, tax',
    `account` UInt64 COMMENT 'Pseudonym of the account',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription',
    `service` LowCardinality(String) COMMENT 'Service of the line',
    `plan` LowCardinality(String) COMMENT 'Plan of the line',
    `zone` LowCardinality(String) COMMENT 'Zone of the line',
    `period_start` DateTime64(3, 'UTC') COMMENT 'First instant of the billed period, UTC',
    `period_end` DateTime64(3, 'UTC') COMMENT 'First instant after it, UTC',
    `quantity` Float64 COMMENT 'Quantity, in unit',
    `unit` LowCardinality(String) COMMENT 'Unit of the quantity',
    `amount` Decimal(18, 6) COMMENT 'Amount before tax, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `reason` String COMMENT 'Reason of a discount or credit',
    `agent` LowCardinality(String) COMMENT 'Who granted it'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, invoice_id, line, period_start, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Lines of invoices.';

DISTRIBUTED weir.invoice_lines BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.partners{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `partner` LowCardinality(String) COMMENT 'Partner id',
    `name` String COMMENT 'Name',
    `partner_kind` LowCardinality(String) COMMENT 'mno, mvno, roaming, carrier, reseller',
    `tadig` LowCardinality(String) COMMENT 'TADIG code',
    `mcc_mnc` LowCardinality(String) COMMENT 'MCC-MNC',
    `routes` String COMMENT 'Trunk groups or routes of the partner, comma-separated',
    `time_zone` LowCardinality(String) COMMENT 'IANA time zone of its files',
    `rounding` LowCardinality(String) COMMENT 'How it rounds durations, e.g. 60/60',
    `dispute_limit_percent` Float64 COMMENT 'Difference in percent below which invoices are not disputed',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, partner, valid_from, record_id)
SETTINGS {window}
COMMENT 'Partners: hosts, roaming partners, carriers, resellers.';

DISTRIBUTED weir.partners BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.prefix_zones{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `prefix` LowCardinality(String) COMMENT 'E.164 prefix without +',
    `country` LowCardinality(String) COMMENT 'ISO 3166 alpha-2',
    `zone` LowCardinality(String) COMMENT 'Destination zone',
    `name` String COMMENT 'Name of the destination',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, prefix, valid_from, record_id)
SETTINGS {window}
COMMENT 'E.164 prefixes with destination country and zone.';

DISTRIBUTED weir.prefix_zones BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.stage_counters{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `event_time` DateTime64(3, 'UTC') COMMENT 'Start of the window or the file time, UTC',
    `stage` LowCardinality(String) COMMENT 'Stage: switch, mediation, rating, billing, …',
    `node` LowCardinality(String) COMMENT 'Node of the stage',
    `stage_file` String COMMENT 'File the counters are about; empty = a time window',
    `service` LowCardinality(String) COMMENT 'Service counted; empty = all',
    `records_in` UInt32 COMMENT 'Records taken in',
    `records_out` UInt32 COMMENT 'Records handed on',
    `filtered` UInt32 COMMENT 'Records filtered by rule',
    `suspended` UInt32 COMMENT 'Records put in suspense',
    `duplicates` UInt32 COMMENT 'Records dropped as duplicates',
    `merged` UInt32 COMMENT 'Records merged into others',
    `seconds_out` Float64 COMMENT 'Seconds handed on',
    `octets_out` Float64 COMMENT 'Octets handed on',
    `charge_out` Decimal(18, 6) COMMENT 'Charge handed on, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, stage, node, event_time, record_id)
TTL toDateTime(ingest_time) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'What each stage of the chain says of itself: in, out, filtered, suspended, duplicate, merged.';

DISTRIBUTED weir.stage_counters BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.subscriptions{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `system` LowCardinality(String) COMMENT 'System that states it: hlr, hss, udm, aaa, cmts, olt, ocs, crm, billing',
    `subscription` UInt64 COMMENT 'Pseudonym of the subscription (number)',
    `imsi` UInt64 COMMENT 'Pseudonym of the IMSI',
    `account` UInt64 COMMENT 'Pseudonym of the account',
    `status` LowCardinality(String) COMMENT 'active, suspended, ceased, pending, test',
    `plan` LowCardinality(String) COMMENT 'Plan',
    `segment` LowCardinality(String) COMMENT 'Customer segment',
    `service_flags` LowCardinality(String) COMMENT 'Service flags, space-separated: roaming, barred, prepaid, …',
    `recurring_charge` Decimal(18, 6) COMMENT 'Recurring charge per month, in currency',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, system, subscription, valid_from, record_id)
SETTINGS {window}
COMMENT 'Subscriptions as one system knows them (hlr, aaa, olt, ocs, crm, billing): compare systems, join usage as of its event.';

DISTRIBUTED weir.subscriptions BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.tariffs{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `tariff` LowCardinality(String) COMMENT 'Tariff name',
    `version` LowCardinality(String) COMMENT 'Version of the tariff',
    `service` LowCardinality(String) COMMENT 'voice, sms, data, …',
    `prefix` LowCardinality(String) COMMENT 'E.164 prefix without +; empty = by zone or all',
    `zone` LowCardinality(String) COMMENT 'Zone; empty = by prefix or all',
    `time_band` LowCardinality(String) COMMENT 'Time band; empty = always',
    `setup` Decimal(18, 6) COMMENT 'Set-up fee per event, in currency',
    `per_unit` Decimal(18, 6) COMMENT 'Price per unit (minute, MiB, event), in currency',
    `unit` LowCardinality(String) COMMENT 'Unit of per_unit: minute, second, mib, event',
    `minimum_seconds` UInt32 COMMENT 'Minimum charged seconds',
    `increment_seconds` UInt32 COMMENT 'Charged increment in seconds',
    `wholesale` Bool COMMENT 'The rate is what a partner charges us',
    `partner` LowCardinality(String) COMMENT 'Partner of a wholesale rate',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, tariff, version, service, prefix, zone, time_band, valid_from, record_id)
SETTINGS {window}
COMMENT 'Tariff rates: what a unit costs by prefix or zone, time band and validity.';

DISTRIBUTED weir.tariffs BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.topology_edges{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant: the operator whose record it is',
    `source` LowCardinality(String) COMMENT 'Source in the settings that brought it',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in, without directories; empty = not from a file',
    `record_id` UUID COMMENT 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC; the same for a whole batch',
    `parent_type` LowCardinality(String) COMMENT 'Type of the parent',
    `parent` String COMMENT 'Parent element',
    `child_type` LowCardinality(String) COMMENT 'Type of the child',
    `child` String COMMENT 'Child element',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'First instant at which the row holds, UTC',
    `valid_to` DateTime64(3, 'UTC') COMMENT 'First instant at which it no longer holds, UTC; 1970-01-01 = still valid'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, parent_type, parent, child_type, child, valid_from, record_id)
SETTINGS {window}
COMMENT 'Topology: which element stands behind which (partner, route, node, DNN, site, cell, OLT, PON, ONT, customer).';

DISTRIBUTED weir.topology_edges BY cityHash64(tenant, source);
