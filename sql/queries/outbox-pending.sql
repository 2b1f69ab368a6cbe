-- Transitions from an instant on that one endpoint has not got yet, oldest first, with what was tried so far. An incident counts from the
-- transition on at which it was severe enough for the endpoint, to its end.
SELECT
    incident_id,
    sequence,
    toUnixTimestamp64Milli(happened) AS at_ms,
    tried.attempts AS attempts,
    tried.before AS before,
    toUnixTimestamp64Milli(tried.next_attempt) AS due_ms
FROM
(
    SELECT incident_id, sequence, min(at) AS happened
    FROM incidents
    WHERE tenant = {tenant:String} AND at >= {from:DateTime64(3, 'UTC')}
    GROUP BY incident_id, sequence
) AS transitions
INNER JOIN
(
    SELECT incident_id, min(sequence) AS first_severe
    FROM incidents
    WHERE tenant = {tenant:String} AND severity <= {severity:UInt8}
    GROUP BY incident_id
) AS severe USING (incident_id)
LEFT JOIN
(
    SELECT
        incident_id,
        sequence,
        max(attempt) AS attempts,
        maxIf(attempt, state = 'replay') AS before,
        argMax(state, attempt) AS last_state,
        argMax(next_attempt_at, attempt) AS next_attempt
    FROM deliveries
    WHERE tenant = {tenant:String} AND endpoint = {endpoint:String}
        AND incident_id IN (SELECT incident_id FROM incidents WHERE tenant = {tenant:String} AND at >= {from:DateTime64(3, 'UTC')})
    GROUP BY incident_id, sequence
) AS tried USING (incident_id, sequence)
WHERE sequence >= severe.first_severe AND tried.last_state NOT IN ('delivered', 'skipped', 'dead')
ORDER BY happened, incident_id, sequence
LIMIT {limit:UInt32}
