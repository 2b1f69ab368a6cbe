-- What was published to topics: the memory of the publisher of findings. Incidents have theirs in deliveries.

CREATE TABLE IF NOT EXISTS weir.publications{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `topic` LowCardinality(String) COMMENT 'Topic that has it',
    `finding_key` String COMMENT 'Finding',
    `state` LowCardinality(String) COMMENT 'What was said: firing or cleared',
    `detected_at` DateTime64(3, 'UTC') COMMENT 'When it was said, UTC',
    `published_at` DateTime64(3, 'UTC') COMMENT 'When the topic had it, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, topic, detected_at, finding_key, state)
TTL toDateTime(published_at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Which findings were published to which topic. A finding that is not here is published again.';

DISTRIBUTED weir.publications BY cityHash64(tenant, topic);
