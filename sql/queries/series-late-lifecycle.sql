-- The same as series-late-usage for steps of the customer life cycle, which have no leg.
SELECT 'lifecycle' AS part, toUnixTimestamp(toStartOfInterval(toDateTime(event_time), toIntervalSecond(900))) AS bucket, count() AS total
FROM lifecycle
WHERE tenant = {tenant:String}
    AND toStartOfHour(toDateTime(event_time)) IN
    (
        SELECT bucket
        FROM changed_buckets
        WHERE tenant = {tenant:String} AND `table` = 'lifecycle' AND ingest_time > {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
            AND bucket < toDateTime({judged_to:DateTime64(3, 'UTC')})
    )
    AND event_time < {judged_to:DateTime64(3, 'UTC')}
GROUP BY bucket
ORDER BY bucket
