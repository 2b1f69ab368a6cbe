-- Webhooks that were registered over the API. Analysts do not see them: an address may carry a token.

CREATE TABLE IF NOT EXISTS weir.webhook_registrations{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `name` String COMMENT 'Its name',
    `url` String COMMENT 'Where incidents are posted',
    `minimum_severity` UInt8 COMMENT 'Least severe incidents that are sent: 1 critical to 5 all',
    `state` LowCardinality(String) COMMENT 'active or removed',
    `generation` UInt32 COMMENT 'Number of its secret, which is made of a key that is not stored here',
    `rotated_at` DateTime64(3, 'UTC') COMMENT 'When the secret before this one was replaced, UTC; 1970-01-01 = there was none',
    `version` UInt64 COMMENT 'Grows with each change: the highest holds',
    `actor` LowCardinality(String) COMMENT 'Who registered or changed it',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was changed, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, name, version)
SETTINGS {window}
COMMENT 'Webhooks that were registered over the API, each change a row.';

DISTRIBUTED weir.webhook_registrations BY cityHash64(tenant, name);
