-- The ledger: what was read and what became of it, to the record. None of these tables replaces what was written:
-- the latest state of a batch or a file is what the views `batches_latest` and `files_latest` show.

CREATE TABLE IF NOT EXISTS weir.batches{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
    `kind` LowCardinality(String) COMMENT 'Record kind of the batch',
    `first` UInt64 COMMENT 'First position, inclusive',
    `last` UInt64 COMMENT 'Last position, inclusive',
    `token` String COMMENT 'Insert token: the same range always has the same',
    `state` LowCardinality(String) COMMENT 'planned (written ahead of the insert) or stored',
    `read` UInt64 COMMENT 'Positions read',
    `stored` UInt64 COMMENT 'Positions stored as records',
    `rejected` UInt64 COMMENT 'Positions rejected; their bytes are in rejects',
    `dropped` UInt64 COMMENT 'Positions left out by a rule',
    `rejected_by` Map(String, UInt64) COMMENT 'Rejected positions by reason',
    `dropped_by` Map(String, UInt64) COMMENT 'Dropped positions by rule',
    `file` LowCardinality(String) COMMENT 'File it came in; empty = not from a file',
    `event_from` DateTime64(3, 'UTC') COMMENT 'Earliest event time stored, UTC; 1970-01-01 = none',
    `event_to` DateTime64(3, 'UTC') COMMENT 'Latest event time stored, UTC; 1970-01-01 = none',
    `owner` String COMMENT 'Process that wrote the row',
    `epoch` UInt64 COMMENT 'Epoch of its ownership of the partition: a higher one fences a lower one',
    `planned_at` DateTime64(3, 'UTC') COMMENT 'When the range was planned, UTC',
    `stored_at` DateTime64(3, 'UTC') COMMENT 'When the insert was answered, UTC; 1970-01-01 = not yet'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(planned_at)
ORDER BY (tenant, source, partition, first, state)
TTL toDateTime(planned_at) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Ledger of batches: one row when a range is planned, one when it is stored. Law: read = stored + rejected + dropped.';

DISTRIBUTED weir.batches BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.files{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings',
    `sha256` String COMMENT 'SHA-256 of the content, lower-case hexadecimal: the identity of the file within its source',
    `name` String COMMENT 'Name without directories',
    `bytes` UInt64 COMMENT 'Size as received, in bytes',
    `state` LowCardinality(String) COMMENT 'reading, stored, replay (seen before, not stored), rejected (unreadable as a whole), empty',
    `sequence` Nullable(UInt64) COMMENT 'Sequence number of the file, from its name, header or trailer',
    `modified_at` DateTime64(3, 'UTC') COMMENT 'Modification time of the file, UTC',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When it was taken, UTC',
    `completed_at` DateTime64(3, 'UTC') COMMENT 'When its last record was stored, UTC; 1970-01-01 = not yet',
    `declared_records` Nullable(UInt64) COMMENT 'Records that header, trailer or name declare',
    `declared_seconds` Nullable(Float64) COMMENT 'Seconds of usage that header, trailer or name declare',
    `declared_octets` Nullable(UInt64) COMMENT 'Octets that header, trailer or name declare',
    `declared_charge` Nullable(Decimal(18, 6)) COMMENT 'Charge that header, trailer or name declare, in the currency of the file',
    `read` UInt64 COMMENT 'Positions read',
    `stored` UInt64 COMMENT 'Positions stored as records',
    `rejected` UInt64 COMMENT 'Positions rejected',
    `dropped` UInt64 COMMENT 'Positions left out by a rule',
    `seconds` Float64 COMMENT 'Seconds of usage, stored or rejected as parsed',
    `octets` UInt64 COMMENT 'Octets, stored or rejected as parsed',
    `charge` Decimal(18, 6) COMMENT 'Charge, stored or rejected as parsed',
    `event_from` DateTime64(3, 'UTC') COMMENT 'Earliest event time, UTC; 1970-01-01 = none',
    `event_to` DateTime64(3, 'UTC') COMMENT 'Latest event time, UTC; 1970-01-01 = none',
    `error` String COMMENT 'Why the file as a whole was refused or ended early; empty = nothing wrong',
    `version` UInt64 COMMENT 'Grows with each state of the same receipt: the highest holds'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(received_at)
ORDER BY (tenant, source, sha256, received_at, version)
TTL toDateTime(received_at) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Receipts of files: one row per state. A file that comes again gets a receipt of its own with state replay.';

DISTRIBUTED weir.files BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.rejects{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings',
    `partition` LowCardinality(String) COMMENT 'What orders positions within the source',
    `position` UInt64 COMMENT 'Position within the partition: line, element or offset',
    `file` LowCardinality(String) COMMENT 'File it came in; empty = not from a file',
    `reason` LowCardinality(String) COMMENT 'Stable reason code',
    `field` LowCardinality(String) COMMENT 'Column or field at fault; empty = the record as a whole',
    `detail` String COMMENT 'What is wrong, for a person; never an identity',
    `kind` LowCardinality(String) COMMENT 'Record kind it would have become',
    `bytes` String COMMENT 'Original bytes, for the owner only',
    `header` LowCardinality(String) COMMENT 'Header row of its file, where the format needs it to read the bytes again',
    `truncated` Bool COMMENT 'The original was longer than what is kept',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When its batch was built, UTC',
    `record_id` UUID COMMENT 'Identity of the position, as a stored record would have it'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, source, partition, position)
TTL toDateTime(ingest_time) + INTERVAL 90 DAY
SETTINGS {window}
COMMENT 'Rejected records with their bytes, reason and place; readable by the owner only. Analysts have the view rejections.';

DISTRIBUTED weir.rejects BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.replays{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `record_id` UUID COMMENT 'Reject that was sent through again',
    `source` LowCardinality(String) COMMENT 'Source of the reject',
    `partition` LowCardinality(String) COMMENT 'Partition of the reject',
    `position` UInt64 COMMENT 'Position of the reject',
    `replayed_at` DateTime64(3, 'UTC') COMMENT 'When it was sent through again, UTC',
    `actor` LowCardinality(String) COMMENT 'Who asked for it',
    `outcome` LowCardinality(String) COMMENT 'stored, rejected or dropped',
    `reason` LowCardinality(String) COMMENT 'Reason, where it was rejected or dropped again',
    `replay_partition` LowCardinality(String) COMMENT 'Partition under which the replay is in the ledger',
    `replay_position` UInt64 COMMENT 'Position under which the replay is in the ledger'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(replayed_at)
ORDER BY (tenant, source, partition, position, replayed_at)
TTL toDateTime(replayed_at) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Which rejects were sent through again, and what became of them.';

DISTRIBUTED weir.replays BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.watermarks{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `leg` LowCardinality(String) COMMENT 'Leg of the chain; the kind for what has no leg',
    `node` LowCardinality(String) COMMENT 'Network element; empty = the whole leg',
    `source` LowCardinality(String) COMMENT 'Source that says so',
    `complete_to` DateTime64(3, 'UTC') COMMENT 'Everything that happened before this instant has arrived, UTC',
    `updated_at` DateTime64(3, 'UTC') COMMENT 'When it was said, UTC: the latest holds'
)
ENGINE = {engine ReplacingMergeTree(updated_at)}
ORDER BY (tenant, leg, node, source)
SETTINGS {window}
COMMENT 'How far each leg and node is complete in event time. Read the view watermarks_latest.';

DISTRIBUTED weir.watermarks BY cityHash64(tenant);

CREATE TABLE IF NOT EXISTS weir.changed_buckets{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `table` LowCardinality(String) COMMENT 'Record table that received rows',
    `bucket` DateTime('UTC') COMMENT 'Hour of event time that was touched, UTC',
    `legs` Array(LowCardinality(String)) COMMENT 'Legs that received rows; empty for tables without legs',
    `records` UInt64 COMMENT 'Rows received',
    `ingest_time` DateTime64(3, 'UTC') COMMENT 'When their batch was built, UTC'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(ingest_time)
ORDER BY (tenant, `table`, ingest_time, bucket)
TTL toDateTime(ingest_time) + INTERVAL 60 DAY
SETTINGS {window}
COMMENT 'What each batch touched, by hour of event time: what has to be judged again.';

DISTRIBUTED weir.changed_buckets BY cityHash64(tenant);

CREATE TABLE IF NOT EXISTS weir.claims{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant; empty = of the whole installation',
    `claim_key` String COMMENT 'What is claimed: a shard of series, an incident key, an outbox endpoint',
    `owner` String COMMENT 'Process that claims it',
    `epoch` UInt64 COMMENT 'Grows with each change of owner; the first row inserted under the token of key and epoch wins',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was claimed, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, claim_key, epoch)
TTL toDateTime(at) + INTERVAL 30 DAY
SETTINGS {window}
COMMENT 'Who owns what, when several processes run: an insert under a token, then the winner is read back.';

DISTRIBUTED weir.claims BY cityHash64(tenant, claim_key);
