-- What each source brought in a stretch, by event time in steps: positions read, and rejected. A batch of which nothing was stored counts when it came.
SELECT source, at, sum(positions) AS records, sum(refused) AS rejects
FROM
(
    SELECT
        toString(source) AS source,
        toDateTime64(intDiv(toUnixTimestamp64Milli(if(toUnixTimestamp(argMax(event_to, stored_at)) = 0, min(planned_at), argMax(event_to, stored_at))), {stretch_ms:UInt32}) * {stretch_ms:UInt32} / 1000, 3, 'UTC') AS at,
        argMax(read, stored_at) AS positions,
        argMax(rejected, stored_at) AS refused
    FROM batches
    WHERE tenant = {tenant:String} AND state = 'stored' AND planned_at >= {since:DateTime64(3, 'UTC')} AND planned_at <= {until:DateTime64(3, 'UTC')}
    GROUP BY source, partition, first
)
GROUP BY source, at
ORDER BY source, at
