-- What people read. A view runs with the rights of who asks, so an analyst sees in it only the columns granted to analysts.

CREATE VIEW IF NOT EXISTS weir.batches_latest {on_cluster} AS
SELECT * FROM weir.batches
ORDER BY epoch DESC, state = 'stored' DESC, stored_at DESC, planned_at DESC
LIMIT 1 BY tenant, source, `partition`, first
COMMENT 'The latest state of each batch: planned while its insert is not answered, then stored.';

CREATE VIEW IF NOT EXISTS weir.files_latest {on_cluster} AS
SELECT * FROM weir.files
ORDER BY version DESC
LIMIT 1 BY tenant, source, sha256, received_at, name
COMMENT 'The latest state of each file receipt.';

CREATE VIEW IF NOT EXISTS weir.watermarks_latest {on_cluster} AS
SELECT * FROM weir.watermarks
ORDER BY updated_at DESC
LIMIT 1 BY tenant, leg, node, source
COMMENT 'How far each leg and node is complete, as last said.';

CREATE VIEW IF NOT EXISTS weir.rejections {on_cluster} AS
SELECT tenant, source, `partition`, position, file, reason, field, detail, kind, truncated, ingest_time, record_id
FROM weir.rejects
COMMENT 'Rejected records without their bytes.';

CREATE VIEW IF NOT EXISTS weir.control_results_latest {on_cluster} AS
SELECT * FROM weir.control_results
ORDER BY version DESC, judged_at DESC
LIMIT 1 BY tenant, control, window_from, window_to, toString(mapSort(cell))
COMMENT 'The latest judgement of each control, window and cell.';

CREATE VIEW IF NOT EXISTS weir.findings_latest {on_cluster} AS
SELECT * FROM weir.findings
ORDER BY detected_at DESC
LIMIT 1 BY tenant, finding_key
COMMENT 'The latest word on each finding.';

CREATE VIEW IF NOT EXISTS weir.incident_latest {on_cluster} AS
SELECT * FROM weir.incidents
ORDER BY sequence DESC, at DESC
LIMIT 1 BY tenant, incident_id
COMMENT 'Each incident as it stands: its latest transition.';

CREATE VIEW IF NOT EXISTS weir.maintenance_latest {on_cluster} AS
SELECT * FROM weir.maintenance
ORDER BY version DESC
LIMIT 1 BY tenant, maintenance_id
COMMENT 'Maintenance windows and silences as they stand.';

CREATE VIEW IF NOT EXISTS weir.series_profiles_latest {on_cluster} AS
SELECT * FROM weir.series_profiles
ORDER BY version DESC
LIMIT 1 BY tenant, detector, series_key
COMMENT 'The latest profile of each series.';

CREATE VIEW IF NOT EXISTS weir.causes_current {on_cluster} AS
SELECT * FROM weir.causes
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, partner, scheme, value, valid_from
COMMENT 'What a release cause means, per partner: Q.850 value or SIP code to class. The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.cells_current {on_cluster} AS
SELECT * FROM weir.cells
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, cell, valid_from
COMMENT 'Cells with their site and zone. The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.partners_current {on_cluster} AS
SELECT * FROM weir.partners
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, partner, valid_from
COMMENT 'Partners: hosts, roaming partners, carriers, resellers. The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.prefix_zones_current {on_cluster} AS
SELECT * FROM weir.prefix_zones
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, prefix, valid_from
COMMENT 'E.164 prefixes with destination country and zone. The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.subscriptions_current {on_cluster} AS
SELECT * FROM weir.subscriptions
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, system, subscription, valid_from
COMMENT 'Subscriptions as one system knows them (hlr, aaa, olt, ocs, crm, billing): compare systems, join usage as of its event. The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.tariffs_current {on_cluster} AS
SELECT * FROM weir.tariffs
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, tariff, version, service, prefix, zone, time_band, valid_from
COMMENT 'Tariff rates: what a unit costs by prefix or zone, time band and validity. The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.topology_edges_current {on_cluster} AS
SELECT * FROM weir.topology_edges
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY tenant, parent_type, parent, child_type, child, valid_from
COMMENT 'Topology: which element stands behind which (partner, route, node, DNN, site, cell, OLT, PON, ONT, customer). The latest statement of each row: what was sent again replaces what was sent before.';

CREATE VIEW IF NOT EXISTS weir.record_counts {on_cluster} AS
SELECT tenant, source, sum(in_tables) AS in_tables
FROM
    (
        SELECT tenant, source, count() AS in_tables FROM weir.usage GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.measurements GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.lifecycle GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.balance_movements GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.balance_snapshots GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.calendar_days GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.causes GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.cells GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.change_events GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.complaints GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.credits GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.exchange_rates GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.field_visits GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.invoices GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.invoice_lines GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.partners GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.prefix_zones GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.stage_counters GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.subscriptions GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.tariffs GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, count() AS in_tables FROM weir.topology_edges GROUP BY tenant, source
    )
GROUP BY tenant, source
COMMENT 'Rows really in the record tables, by source: counted, not taken from the ledger.';

CREATE VIEW IF NOT EXISTS weir.accounting {on_cluster} AS
SELECT
    tenant,
    source,
    sum(ledger.read) AS read,
    sum(ledger.stored) AS stored,
    sum(ledger.rejected) AS rejected,
    sum(ledger.dropped) AS dropped,
    sum(ledger.in_flight) AS in_flight,
    sum(ledger.batches) AS batches,
    sum(ledger.in_tables) AS in_tables,
    CAST(read = stored + rejected + dropped, 'Bool') AS balanced,
    CAST(if(in_flight = 0, in_tables = stored, in_tables >= stored AND in_tables <= stored + in_flight), 'Bool') AS proved
FROM
    (
        SELECT
            tenant,
            source,
            sumIf(read, state = 'stored') AS read,
            sumIf(stored, state = 'stored') AS stored,
            sumIf(rejected, state = 'stored') AS rejected,
            sumIf(dropped, state = 'stored') AS dropped,
            sumIf(last - first + 1, state = 'planned') AS in_flight,
            count() AS batches,
            toUInt64(0) AS in_tables
        FROM weir.batches_latest
        GROUP BY tenant, source
        UNION ALL
        SELECT tenant, source, 0, 0, 0, 0, 0, 0, in_tables
        FROM weir.record_counts
    ) AS ledger
GROUP BY tenant, source
COMMENT 'For each source: positions read = stored + rejected + dropped (balanced), and as many rows in the tables as the ledger says (proved). In flight: planned, insert not answered yet.';

