-- Incidents: one write after the other for each tenant, and what became of every finding.

ALTER TABLE weir.incidents{local} {on_cluster}
    ADD COLUMN IF NOT EXISTS `generation` UInt64 COMMENT 'Number of the write that brought it: all rows of one write are stored together or not at all; 0 = from before there were numbers',
    ADD COLUMN IF NOT EXISTS `writer` String COMMENT 'Who wrote it: fold or act, and the process',
    ADD COLUMN IF NOT EXISTS `rank` UInt32 COMMENT 'Order among incidents, larger first: severity, then money and customers';

-- One tenant on one shard: only then is a write whole.
REDISTRIBUTED weir.incidents BY cityHash64(tenant);

CREATE OR REPLACE VIEW weir.incident_latest {on_cluster} AS
SELECT * FROM weir.incidents
ORDER BY sequence DESC, at DESC
LIMIT 1 BY tenant, incident_id
COMMENT 'Each incident as it stands: its latest transition.';

CREATE TABLE IF NOT EXISTS weir.incident_findings{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `finding_key` String COMMENT 'Finding',
    `detector` LowCardinality(String) COMMENT 'Control or detector of the finding',
    `state` LowCardinality(String) COMMENT 'What the finding said: firing, cleared',
    `detected_at` DateTime64(3, 'UTC') COMMENT 'When it said so, UTC',
    `outcome` LowCardinality(String) COMMENT 'own, symptom, child: of an incident; suppressed, gated, waiting: held and judged again; cleared, stale, repeated, unreadable',
    `step` LowCardinality(String) COMMENT 'Where it was decided: read, gate, debounce, silence, parent, merge, open, flapping',
    `reason` String COMMENT 'Why, for a person',
    `incident_key` String COMMENT 'Key of the incident that it belongs to; empty = none',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was decided, UTC',
    `number` UInt32 COMMENT 'Order within one instant'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, finding_key, detected_at, at, number)
TTL toDateTime(at) + INTERVAL 13 MONTH
SETTINGS {window}
COMMENT 'What became of every word of every finding, and why; what is held is decided again. Read the view incident_findings_latest.';

DISTRIBUTED weir.incident_findings BY cityHash64(tenant, finding_key);

CREATE VIEW IF NOT EXISTS weir.incident_findings_latest {on_cluster} AS
SELECT * FROM weir.incident_findings
ORDER BY at DESC, number DESC
LIMIT 1 BY tenant, finding_key, detected_at, state
COMMENT 'What became of each word of each finding in the end.';
