-- What is stored of the scores of a series, by bucket, the latest word on each; the last ones.
SELECT event_time, observed, expected, lower, upper, score
FROM
(
    SELECT event_time, observed, expected, lower, upper, score
    FROM scores
    WHERE tenant = {tenant:String} AND detector = {detector:String} AND series_key = {series_key:String}
        AND event_time >= {since:DateTime64(3, 'UTC')}
    ORDER BY event_time DESC, scored_at DESC
    LIMIT 1 BY event_time
    LIMIT {limit:UInt32}
)
ORDER BY event_time
