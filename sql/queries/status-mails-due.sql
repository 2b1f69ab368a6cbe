-- Published updates that a list has not got yet, the oldest first, with what became of earlier attempts.
SELECT update_id, stage, services, partners, title, text, updates.at AS at, attempts, before, due_ms
FROM
(
    SELECT update_id, stage, services, partners, title, text, at
    FROM status_updates_latest
    WHERE tenant = {tenant:String} AND state = 'published' AND at >= {from:DateTime64(3, 'UTC')}
) AS updates
LEFT JOIN
(
    SELECT
        incident_id,
        toString(argMax(deliveries.state, attempt)) AS last_state,
        max(attempt) AS attempts,
        maxIf(attempt, deliveries.state = 'replay') AS before,
        toUnixTimestamp64Milli(argMax(next_attempt_at, attempt)) AS due_ms
    FROM deliveries
    WHERE tenant = {tenant:String} AND endpoint = {endpoint:String} AND deliveries.at >= {from:DateTime64(3, 'UTC')}
    GROUP BY incident_id
) AS tried ON updates.update_id = tried.incident_id
WHERE last_state IN ('', 'retry', 'replay')
ORDER BY updates.at, update_id
LIMIT {limit:UInt32}
