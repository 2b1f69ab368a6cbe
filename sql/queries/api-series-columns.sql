-- What is stored of the scores of a series as columns, by bucket, the latest word on each; the last ones. In single precision: it is drawn.
SELECT
    groupArray(toUnixTimestamp(event_time)) AS time, groupArray(toFloat32(observed)) AS observed, groupArray(toFloat32(expected)) AS expected,
    groupArray(toFloat32(lower)) AS lower, groupArray(toFloat32(upper)) AS upper
FROM
(
    SELECT event_time, observed, expected, lower, upper
    FROM
    (
        SELECT event_time, observed, expected, lower, upper
        FROM scores
        WHERE tenant = {tenant:String} AND detector = {detector:String} AND series_key = {series_key:String}
            AND event_time >= {since:DateTime64(3, 'UTC')}
        ORDER BY event_time DESC, scored_at DESC
        LIMIT 1 BY event_time
        LIMIT {limit:UInt32}
    )
    ORDER BY event_time
)
