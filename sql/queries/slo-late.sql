-- Hours of event time that received anything since an instant, and how far arrivals were seen.
SELECT toUInt32(bucket) AS hour, max(ingest_time) AS arrived_at
FROM changed_buckets
WHERE tenant = {tenant:String} AND ingest_time > {since:DateTime64(3, 'UTC')} AND bucket >= toDateTime({oldest:DateTime64(3, 'UTC')}, 'UTC') AND bucket < toDateTime({until:DateTime64(3, 'UTC')}, 'UTC')
GROUP BY hour
ORDER BY hour
