-- Sources that fetch: which files over there were taken, how each look and each run went, and where a query goes on.

CREATE TABLE IF NOT EXISTS weir.fetched{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings',
    `url` String COMMENT 'Where the file lies, without credentials',
    `bytes` UInt64 COMMENT 'Size over there, in bytes',
    `modified_at` DateTime64(3, 'UTC') COMMENT 'Modification time by the clock over there, UTC',
    `version` String COMMENT 'Entity tag or version over there; empty = it has none',
    `sha256` String COMMENT 'SHA-256 of the content, lower-case hexadecimal: the receipt in files',
    `state` LowCardinality(String) COMMENT 'State of its receipt when it was taken',
    `put_away` LowCardinality(String) COMMENT 'keep, move or delete: what is to become of it over there',
    `taken_at` DateTime64(3, 'UTC') COMMENT 'When it was stored, UTC'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(taken_at)
ORDER BY (tenant, source, url, taken_at)
TTL toDateTime(taken_at) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Files that were fetched: what is listed again with the same url, size, time and version is not taken again.';

DISTRIBUTED weir.fetched BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.fetches{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings',
    `place` LowCardinality(String) COMMENT 'Server or database, without credentials',
    `type` LowCardinality(String) COMMENT 'sftp, s3 or sql',
    `due_at` DateTime64(3, 'UTC') COMMENT 'When it was due, UTC: the time of the schedule, or of the look',
    `next_due_at` DateTime64(3, 'UTC') COMMENT 'When the next one is due, UTC',
    `started_at` DateTime64(3, 'UTC') COMMENT 'When it began, UTC',
    `finished_at` DateTime64(3, 'UTC') COMMENT 'When everything of it was stored, or when it failed, UTC',
    `state` LowCardinality(String) COMMENT 'ok or failed',
    `code` LowCardinality(String) COMMENT 'Why it failed: error code; empty = it did not',
    `error` String COMMENT 'Why it failed, for a person; never a credential',
    `files` UInt64 COMMENT 'Files taken',
    `bytes` UInt64 COMMENT 'Bytes fetched',
    `rows` UInt64 COMMENT 'Rows that the query gave; for files the positions read',
    `added` UInt64 COMMENT 'Rows of a snapshot that are new, or rows of a run that were taken',
    `changed` UInt64 COMMENT 'Rows of a snapshot that differ from the one before',
    `removed` UInt64 COMMENT 'Rows of the snapshot before that are gone',
    `columns` Array(String) COMMENT 'Columns as they came: name and type, or names of a header row',
    `clock_ahead_ms` Int64 COMMENT 'How far the clock over there is ahead of ours, in ms; 0 = not known or not worth a word'
)
ENGINE = {engine MergeTree}
PARTITION BY toYYYYMM(due_at)
ORDER BY (tenant, source, due_at, place)
TTL toDateTime(due_at) + INTERVAL 13 MONTH
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Looks that brought something or failed, and runs of queries: for the control fetch.';

DISTRIBUTED weir.fetches BY cityHash64(tenant, source);

CREATE TABLE IF NOT EXISTS weir.fetch_marks{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source in the settings',
    `due_at` DateTime64(3, 'UTC') COMMENT 'Time of the schedule up to which everything is stored, UTC',
    `page` UInt32 COMMENT 'Part of the run, where it was cut by maxRows',
    `cursor` String COMMENT 'Newest value of the cursor column that is stored',
    `known` String COMMENT 'Keyed hashes of the rows within the overlap, base64; never their content',
    `written_at` DateTime64(3, 'UTC') COMMENT 'When it was written, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, source, due_at, page)
TTL toDateTime(written_at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'Where scheduled queries go on: the latest row of a source holds.';

DISTRIBUTED weir.fetch_marks BY cityHash64(tenant, source);
