-- Days since `since` on which both legs of a comparison have records, with the latest run and the latest change by either leg; epoch 0 = none.
SELECT toUnixTimestamp(toDateTime(usage_days.day, 'UTC')) AS day, ifNull(runs.run, 0) AS run, toUnixTimestamp64Milli(changes.changed_at) AS changed
FROM
(
    SELECT toDate(hour) AS day
    FROM usage_hour
    WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String}) AND hour >= {since:DateTime64(3, 'UTC')}
    GROUP BY day
    HAVING uniqExact(leg) = 2
) AS usage_days
LEFT JOIN
(
    SELECT toDate(window_from) AS day, max(run) AS run
    FROM reconciliations
    WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String} AND window_from >= {since:DateTime64(3, 'UTC')}
    GROUP BY day
) AS runs ON runs.day = usage_days.day
LEFT JOIN
(
    SELECT toDate(bucket) AS day, max(ingest_time) AS changed_at
    FROM changed_buckets
    WHERE tenant = {tenant:String} AND `table` = 'usage' AND bucket >= {since:DateTime64(3, 'UTC')} AND hasAny(legs, [{leg_a:String}, {leg_b:String}])
    GROUP BY day
) AS changes ON changes.day = usage_days.day
ORDER BY day
