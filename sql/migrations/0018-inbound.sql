-- What ticket systems say of incidents: the bodies as they came, and what became of each.

CREATE TABLE IF NOT EXISTS weir.inbound{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `connector` LowCardinality(String) COMMENT 'Connector in the settings',
    `receipt` FixedString(64) COMMENT 'SHA-256 of the identity of its signature, or of the body: the same when it is sent again',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When it came, UTC',
    `address` String COMMENT 'Address that it came from',
    `body` String COMMENT 'The body, byte for byte'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, received_at, connector, receipt)
TTL toDateTime(received_at) + INTERVAL 3 MONTH
SETTINGS {window}
COMMENT 'Signed bodies of ticket systems, stored before anything is done with them. Not for analysts: they may name people.';

DISTRIBUTED weir.inbound BY cityHash64(tenant);

CREATE TABLE IF NOT EXISTS weir.inbound_events{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `connector` LowCardinality(String) COMMENT 'Connector in the settings',
    `receipt` FixedString(64) COMMENT 'Receipt of the body',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When it came, UTC',
    `delivery_id` String COMMENT 'Identity that the system gave the delivery',
    `external_id` String COMMENT 'Ticket',
    `reference` String COMMENT 'Ticket, as people call it',
    `incident_id` String COMMENT 'Incident; empty = none was found',
    `said_at` DateTime64(3, 'UTC') COMMENT 'When it was said there, UTC',
    `status` LowCardinality(String) COMMENT 'What it says of the status; empty = nothing',
    `outcome` LowCardinality(String) COMMENT 'applied, unchanged, stale, echo, repeated, ignored, unknown (no such incident), unreadable',
    `reason` String COMMENT 'Why, for a person',
    `event` String COMMENT 'What was read, as JSON; empty = nothing',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was applied, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, incident_id, received_at, connector, receipt)
TTL toDateTime(at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'What became of each body of a ticket system, applied once.';

DISTRIBUTED weir.inbound_events BY cityHash64(tenant);
