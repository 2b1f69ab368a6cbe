-- Rejected records by source and reason, for S12: file by file (or batch by batch, where they came
-- otherwise: the ledger notes a digest in place of the file there) in the day up to the source's latest, and in
-- all the time before that day. The time of a file is when its sender handed it over, so that a history that is loaded in one go is no burst.
-- `before`: when the file before it was handed over, 1970-01-01 = none: what it holds happened since.
WITH
    units AS
    (
        SELECT
            source, unit, any(file) AS file, sum(read) AS read, sumMap(rejected_by) AS rejected_by,
            if(max(handed_at) > toDateTime64(0, 3, 'UTC'), max(handed_at), max(done_at)) AS at,
            minIf(event_from, toUnixTimestamp(event_from) > 0) AS event_from
        FROM
        (
            SELECT source, partition, first, if(startsWith(partition, 'sha256:'), toString(any(batches.file)), '') AS file, argMax(read, stored_at) AS read, argMax(rejected_by, stored_at) AS rejected_by,
                argMax(event_from, stored_at) AS event_from, max(batches.stored_at) AS done_at,
                if(startsWith(partition, 'sha256:'), substring(partition, 8, 64), concat(partition, '/', toString(first))) AS unit
            FROM batches
            WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND state = 'stored' AND planned_at >= {since:DateTime64(3, 'UTC')}
            GROUP BY source, partition, first
        ) AS ledger
        LEFT JOIN
        (
            SELECT source, sha256 AS unit, min(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at))) AS handed_at
            FROM files
            WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND received_at >= {since:DateTime64(3, 'UTC')} AND state != 'replay'
            GROUP BY source, unit
        ) AS receipts USING (source, unit)
        GROUP BY source, unit
    ),
    timed AS
    (
        SELECT
            *,
            at > max(at) OVER (PARTITION BY source) - INTERVAL 1 DAY AS fresh,
            ifNull(lagInFrame(toNullable(at)) OVER (PARTITION BY source ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), toDateTime64(0, 3, 'UTC')) AS before
        FROM units
    )
SELECT source, reason, recent_rejected, usual_rejected, recent_read, usual_read, unit_files, unit_read, unit_rejected, unit_from, unit_to
FROM
(
    SELECT
        source,
        reason,
        sumIf(n, fresh) AS recent_rejected,
        sumIf(n, NOT fresh) AS usual_rejected,
        arraySlice(arraySort(each -> each.5, groupArrayIf((file, read, n, toUnixTimestamp64Milli(if(before > event_from, before, event_from)), toUnixTimestamp64Milli(at)), fresh)), 1, 2000) AS all,
        all.1 AS unit_files,
        all.2 AS unit_read,
        all.3 AS unit_rejected,
        all.4 AS unit_from,
        all.5 AS unit_to
    FROM timed
    ARRAY JOIN mapKeys(rejected_by) AS reason, mapValues(rejected_by) AS n
    GROUP BY source, reason
) AS reasons
INNER JOIN
(
    SELECT source, sumIf(read, fresh) AS recent_read, sumIf(read, NOT fresh) AS usual_read
    FROM timed
    GROUP BY source
) AS totals USING (source)
ORDER BY source, reason
