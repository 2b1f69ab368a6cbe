-- How far each source of device readings has come in event time, from the ledger: the newest reading that it brought, and how far its latest twenty
-- batches (their median) lie behind what had come before them. A time ahead of its own arrival is a wrong clock and does not count.
SELECT 'measurement' AS leg, source, max(front) AS newest, toUInt64(quantileExact(0.5)(behind_ms)) AS late_ms
FROM
(
    SELECT
        source, came, front,
        max(front) OVER (PARTITION BY source ORDER BY came, front ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
        if(toUnixTimestamp(before) = 0, 0, greatest(0, dateDiff('millisecond', oldest, before))) AS behind_ms
    FROM
    (
        SELECT
            toString(batches.source) AS source,
            min(planned_at) AS came,
            argMax(least(event_to, planned_at), stored_at) AS front,
            argMax(event_from, stored_at) AS oldest
        FROM batches
        WHERE tenant = {tenant:String} AND kind = 'measurement' AND state = 'stored' AND batches.stored > 0
            AND planned_at >= {since:DateTime64(3, 'UTC')} AND planned_at <= {until:DateTime64(3, 'UTC')}
        GROUP BY source, partition, first
        ORDER BY came DESC
        LIMIT 20 BY source
    )
)
GROUP BY source
