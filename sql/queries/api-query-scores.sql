-- What is stored of the scores of a series within a stretch, by bucket, the latest word on each.
SELECT toUnixTimestamp64Milli(event_time) AS at, observed, expected, lower, upper, score
FROM scores
WHERE tenant = {tenant:String} AND detector = {detector:String} AND series_key = {series_key:String}
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, scored_at DESC
LIMIT 1 BY event_time
LIMIT 5000
