-- One series as it stands.
SELECT
    detector, series_key, metric, scope, unit, first_seen, judged_to, bucket_seconds, observed, expected, lower, upper, score, visible_drop,
    open, updated_at
FROM series
WHERE tenant = {tenant:String} AND series_key = {series_key:String}
ORDER BY updated_at DESC
LIMIT 1
