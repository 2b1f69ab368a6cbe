-- How each endpoint stands: what waits, what was given up and not overtaken since, what keeps failing, and when something last arrived.
SELECT
    endpoint,
    countIf(last_state = 'delivered') AS delivered,
    countIf(last_state IN ('retry', 'replay')) AS waiting,
    countIf(last_state = 'retry' AND tries >= {stuck_after:UInt32}) AS stuck,
    countIf(last_state = 'dead' AND NOT overtaken) AS dead,
    toUnixTimestamp64Milli(minIf(first_at, (last_state = 'dead' AND NOT overtaken) OR (last_state = 'retry' AND tries >= {stuck_after:UInt32}))) AS troubled_ms,
    argMaxIf(last_error, last_at, last_state IN ('dead', 'retry')) AS error,
    toUnixTimestamp64Milli(maxIf(last_at, last_state = 'delivered')) AS delivered_ms
FROM
(
    SELECT
        endpoint,
        last_state,
        tries,
        last_error,
        first_at,
        last_at,
        max(if(last_state = 'delivered', sequence, 0)) OVER (PARTITION BY incident_id, endpoint) > sequence AS overtaken
    FROM
    (
        SELECT
            toString(deliveries.endpoint) AS endpoint,
            incident_id,
            sequence,
            max(attempt) - maxIf(attempt, deliveries.state = 'replay') AS tries,
            toString(argMax(deliveries.state, attempt)) AS last_state,
            argMax(deliveries.error, attempt) AS last_error,
            min(deliveries.at) AS first_at,
            max(deliveries.at) AS last_at
        FROM deliveries
        WHERE tenant = {tenant:String} AND deliveries.at >= {since:DateTime64(3, 'UTC')}
        GROUP BY endpoint, incident_id, sequence
    )
)
GROUP BY endpoint
ORDER BY endpoint
