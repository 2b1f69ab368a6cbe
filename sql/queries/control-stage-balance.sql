-- Counters that stages stated lately, in the latest statement of each, beside what the stage filtered in the four weeks before; for S06.
-- One row more with an empty stage says whether any stage counts at all (`known`).
WITH
    latest AS
    (
        SELECT stage, node, service, event_time, stage_file, records_in, records_out, filtered, suspended, duplicates, merged, charge_out, currency, ingest_time
        FROM stage_counters
        WHERE tenant = {tenant:String} AND event_time >= {since:DateTime64(3, 'UTC')}
        ORDER BY ingest_time DESC, position DESC
        LIMIT 1 BY stage, node, service, event_time, stage_file
    ),
    fresh AS
    (
        SELECT DISTINCT stage, node, service, event_time, stage_file
        FROM stage_counters
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)}
            AND ingest_time BETWEEN {changed_from:DateTime64(3, 'UTC')} AND {changed_to:DateTime64(3, 'UTC')}
    ),
    usual AS
    (
        SELECT stage, node, sum(records_in) AS usual_in, sum(filtered) AS usual_filtered
        FROM latest
        WHERE (stage, node, service, event_time, stage_file) NOT IN (SELECT * FROM fresh)
        GROUP BY stage, node
    )
SELECT
    stage, node, service, event_time, stage_file, records_in, records_out, filtered, suspended, duplicates, merged,
    if(currency = {currency:String}, charge_out, toDecimal64(0, 6)) AS charge, usual_in, usual_filtered, toUInt8(1) AS known
FROM latest
LEFT JOIN usual USING (stage, node)
WHERE (stage, node, service, event_time, stage_file) IN (SELECT * FROM fresh)
ORDER BY stage, node, event_time, stage_file, service
LIMIT 20000
UNION ALL
SELECT
    '' AS stage, '' AS node, '' AS service, toDateTime64(0, 3, 'UTC') AS event_time, '' AS stage_file, 0 AS records_in, 0 AS records_out, 0 AS filtered,
    0 AS suspended, 0 AS duplicates, 0 AS merged, toDecimal64(0, 6) AS charge, 0 AS usual_in, 0 AS usual_filtered, toUInt8(count() > 0) AS known
FROM stage_counters
WHERE tenant = {tenant:String}
