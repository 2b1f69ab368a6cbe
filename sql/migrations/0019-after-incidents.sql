-- What is learned of incidents, what is done about them, and what is said of them in public.

CREATE TABLE IF NOT EXISTS weir.incident_reviews{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `incident_id` String COMMENT 'Incident',
    `version` UInt32 COMMENT 'Grows with each change: the latest holds',
    `cause` LowCardinality(String) COMMENT 'Cause it is filed under: network, software, configuration, change, capacity, power, partner, process, data, fraud, customer, not_an_incident, unknown; empty = not said',
    `cause_text` String COMMENT 'The cause in words',
    `useful` LowCardinality(String) COMMENT 'useful or noise; empty = not said',
    `satisfaction` UInt8 COMMENT 'How content who worked on it is, 1 to 5; 0 = not said',
    `whys` Array(String) COMMENT 'Chain of whys: each says why the one before was so',
    `root_cause` String COMMENT 'Root cause',
    `lessons` String COMMENT 'What was learned',
    `actor` LowCardinality(String) COMMENT 'Who said it',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was said, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, incident_id, version)
SETTINGS {window}
COMMENT 'Reviews of incidents, every version. Read the view incident_reviews_latest.';

DISTRIBUTED weir.incident_reviews BY cityHash64(tenant);

CREATE VIEW IF NOT EXISTS weir.incident_reviews_latest {on_cluster} AS
SELECT * FROM weir.incident_reviews
ORDER BY version DESC
LIMIT 1 BY tenant, incident_id
COMMENT 'The review of each incident as it stands.';

CREATE TABLE IF NOT EXISTS weir.incident_actions{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `action_id` String COMMENT 'Action',
    `incident_id` String COMMENT 'Incident it comes from',
    `version` UInt32 COMMENT 'Grows with each change: the latest holds',
    `kind` LowCardinality(String) COMMENT 'corrective (makes it good) or preventive (keeps it from coming again)',
    `text` String COMMENT 'What is to be done',
    `owner` LowCardinality(String) COMMENT 'Who does it',
    `due_on` Date COMMENT 'Day on which it is due',
    `state` LowCardinality(String) COMMENT 'open, done, cancelled',
    `reminded_at` DateTime64(3, 'UTC') COMMENT 'When its owner was last reminded, UTC; 1970-01-01 = never',
    `actor` LowCardinality(String) COMMENT 'Who changed it',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was changed, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, action_id, version)
SETTINGS {window}
COMMENT 'Corrective and preventive actions, every version. Read the view incident_actions_latest.';

DISTRIBUTED weir.incident_actions BY cityHash64(tenant);

CREATE VIEW IF NOT EXISTS weir.incident_actions_latest {on_cluster} AS
SELECT * FROM weir.incident_actions
ORDER BY version DESC
LIMIT 1 BY tenant, action_id
COMMENT 'Each action as it stands.';

CREATE TABLE IF NOT EXISTS weir.status_updates{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `update_id` String COMMENT 'Update',
    `incident_id` String COMMENT 'Incident it is about',
    `version` UInt32 COMMENT 'Grows with each change: the latest holds',
    `stage` LowCardinality(String) COMMENT 'investigating, identified, monitoring, resolved',
    `services` Array(String) COMMENT 'Services it is about; empty = all',
    `partners` Array(String) COMMENT 'Partners it is for; empty = the public',
    `title` String COMMENT 'Title as published',
    `text` String COMMENT 'Text as published',
    `state` LowCardinality(String) COMMENT 'published or withdrawn',
    `actor` LowCardinality(String) COMMENT 'Who published or withdrew it; not told in the feed',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was published, UTC',
    `changed_at` DateTime64(3, 'UTC') COMMENT 'When this version was written, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, update_id, version)
SETTINGS {window}
COMMENT 'What people published of incidents: the only thing that the status feed tells. Read the view status_updates_latest.';

DISTRIBUTED weir.status_updates BY cityHash64(tenant);

CREATE VIEW IF NOT EXISTS weir.status_updates_latest {on_cluster} AS
SELECT * FROM weir.status_updates
ORDER BY version DESC
LIMIT 1 BY tenant, update_id
COMMENT 'Each status update as it stands.';
