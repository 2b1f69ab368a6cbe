-- What incidents are called in other systems: tickets, threads, label sets.

CREATE TABLE IF NOT EXISTS weir.correlations{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `target` LowCardinality(String) COMMENT 'Target in the settings',
    `incident_id` String COMMENT 'Incident',
    `external_id` String COMMENT 'Its identity there, as the interface of that system wants it; for Alertmanager its labels as JSON',
    `reference` String COMMENT 'Its name there, as people say it, e.g. INC0010023; empty = none',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was learned, UTC: the latest holds'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, target, incident_id, at)
TTL toDateTime(at) + INTERVAL 25 MONTH
SETTINGS {window}
COMMENT 'Identities of incidents in the systems of targets, so that later changes reach the same ticket.';

DISTRIBUTED weir.correlations BY cityHash64(tenant, incident_id);
