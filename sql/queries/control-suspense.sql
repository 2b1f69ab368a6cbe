-- Rejected records by source and reason: in the last hour, and in the four weeks before it; for S12.
WITH
    {instant:DateTime64(3, 'UTC')} - INTERVAL 1 HOUR AS recent_from,
    ledger AS
    (
        SELECT source, read, rejected_by, stored_at
        FROM batches
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND state = 'stored'
            AND planned_at >= {since:DateTime64(3, 'UTC')}
    )
SELECT source, reason, recent_rejected, usual_rejected, recent_read, usual_read, first_at, charge, charged_records
FROM
(
    SELECT
        source,
        reason,
        sumIf(n, stored_at >= recent_from) AS recent_rejected,
        sumIf(n, stored_at < recent_from) AS usual_rejected,
        minIf(stored_at, stored_at >= recent_from) AS first_at
    FROM ledger
    ARRAY JOIN mapKeys(rejected_by) AS reason, mapValues(rejected_by) AS n
    GROUP BY source, reason
) AS reasons
INNER JOIN
(
    SELECT source, sumIf(read, stored_at >= recent_from) AS recent_read, sumIf(read, stored_at < recent_from) AS usual_read
    FROM ledger
    GROUP BY source
) AS totals USING (source)
LEFT JOIN
(
    SELECT source, sum(charge) AS charge, sum(stored) AS charged_records
    FROM files
    WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND state = 'stored' AND received_at >= {since:DateTime64(3, 'UTC')}
    GROUP BY source
) AS worth USING (source)
ORDER BY source, reason
