-- Messages that Weir itself published carry an identity. Whoever reads them takes each once, also when it was sent again after a crash.

CREATE TABLE IF NOT EXISTS weir.message_ids{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `source` LowCardinality(String) COMMENT 'Source that read the message',
    `partition` LowCardinality(String) COMMENT 'Topic partition that it lies in, as in the ledger',
    `last` UInt64 COMMENT 'Last position of the range that it was stored with: it counts once that range is stored',
    `id` String COMMENT 'Identity that its header weir-id states',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was read, UTC'
)
ENGINE = {engine MergeTree}
PARTITION BY toDate(at)
ORDER BY (tenant, source, `partition`, last)
TTL toDateTime(at) + INTERVAL 7 DAY
SETTINGS {window}, ttl_only_drop_parts = 1
COMMENT 'Identities of messages that were taken, for a week: one that comes again is dropped as a repeat.';

DISTRIBUTED weir.message_ids BY cityHash64(tenant, source);
