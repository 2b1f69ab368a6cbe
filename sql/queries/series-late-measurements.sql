-- The same as series-late-usage for readings of devices, which have no leg.
SELECT 'measurements' AS part, toUnixTimestamp(toStartOfInterval(toDateTime(event_time), toIntervalSecond(900))) AS bucket, count() AS total
FROM measurements
WHERE tenant = {tenant:String}
    AND toStartOfHour(toDateTime(event_time)) IN
    (
        SELECT bucket
        FROM changed_buckets
        WHERE tenant = {tenant:String} AND `table` = 'measurements' AND ingest_time > {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
            AND bucket < toDateTime({judged_to:DateTime64(3, 'UTC')})
    )
    AND event_time < {judged_to:DateTime64(3, 'UTC')}
GROUP BY bucket
ORDER BY bucket
