-- Usage records by leg and quarter of an hour, of the hours that something came for since an instant and that were judged before: what a
-- judgement was made on is compared with it.
SELECT leg AS part, toUnixTimestamp(toStartOfInterval(minute, toIntervalSecond(900))) AS bucket, sum(records) AS total
FROM usage_minute
WHERE tenant = {tenant:String}
    AND toStartOfHour(minute) IN
    (
        SELECT bucket
        FROM changed_buckets
        WHERE tenant = {tenant:String} AND `table` = 'usage' AND ingest_time > {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
            AND bucket < toDateTime({judged_to:DateTime64(3, 'UTC')})
    )
    AND minute < toDateTime({judged_to:DateTime64(3, 'UTC')})
GROUP BY leg, bucket
ORDER BY leg, bucket
