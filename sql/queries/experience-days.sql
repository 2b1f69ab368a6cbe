-- Days since `since` of which anything came that tells how service was, with the latest run, whether its data was complete, and the latest arrival; epoch 0 = none.
SELECT toUnixTimestamp(toDateTime(touched.day, 'UTC')) AS day, ifNull(runs.run, 0) AS run, ifNull(runs.complete, 0) AS complete, toUnixTimestamp64Milli(touched.changed_at) AS changed
FROM
(
    SELECT day, max(changed_at) AS changed_at
    FROM
    (
        SELECT toDate(bucket) AS day, max(ingest_time) AS changed_at
        FROM changed_buckets
        WHERE tenant = {tenant:String} AND `table` = 'usage' AND bucket >= {since:DateTime64(3, 'UTC')} AND hasAny(changed_buckets.legs, {legs:Array(String)})
        GROUP BY day
        UNION ALL
        SELECT toDate(bucket) AS day, max(ingest_time) AS changed_at
        FROM changed_buckets
        WHERE tenant = {tenant:String} AND `table` = 'measurements' AND bucket >= {since:DateTime64(3, 'UTC')}
            AND (SELECT count() FROM (SELECT 1 FROM measurements WHERE tenant = {tenant:String} AND metric IN {online_metrics:Array(String)} AND ingest_time >= {since:DateTime64(3, 'UTC')} LIMIT 1)) > 0
        GROUP BY day
        UNION ALL
        SELECT toDate(event_time) AS day, max(complaints.ingest_time) AS changed_at
        FROM complaints
        WHERE tenant = {tenant:String} AND event_time >= {since:DateTime64(3, 'UTC')} AND subscription != 0
        GROUP BY day
    )
    GROUP BY day
) AS touched
LEFT JOIN
(
    SELECT experience_runs.day AS day, max(experience_runs.run) AS run, argMax(experience_runs.state = 'complete', experience_runs.run) AS complete
    FROM experience_runs
    WHERE tenant = {tenant:String} AND experience_runs.day >= toDate({since:DateTime64(3, 'UTC')})
    GROUP BY day
) AS runs ON runs.day = touched.day
ORDER BY day
