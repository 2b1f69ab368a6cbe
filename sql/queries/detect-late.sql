-- Hours of event time that received records of usage since an instant, leg by leg, with the latest such arrival: windows that were judged before
-- have to be judged again.
SELECT arrayJoin(legs) AS leg, toDateTime64(bucket, 3, 'UTC') AS hour, max(ingest_time) AS at
FROM changed_buckets
WHERE tenant = {tenant:String} AND `table` = 'usage' AND ingest_time > {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
    AND bucket >= toDateTime({oldest:DateTime64(3, 'UTC')}, 'UTC') - 86400
GROUP BY leg, hour
ORDER BY leg, hour
