-- What became of each transition at each endpoint, the latest first, after a cursor; empty means any. One is overtaken when a later transition of its
-- incident was delivered there.
SELECT
    endpoint,
    incident_id,
    sequence,
    attempts,
    last_state AS state,
    status AS http_status,
    last_error AS error,
    last_at AS at,
    next_at AS next_attempt_at,
    overtaken,
    concat(incident_id, '/', leftPad(toString(sequence), 10, '0'), '/', endpoint) AS id
FROM
(
    SELECT
        endpoint,
        incident_id,
        sequence,
        attempts,
        last_state,
        status,
        last_error,
        last_at,
        next_at,
        max(if(last_state = 'delivered', sequence, 0)) OVER (PARTITION BY incident_id, endpoint) > sequence AS overtaken
    FROM
    (
        SELECT
            toString(deliveries.endpoint) AS endpoint,
            incident_id,
            sequence,
            max(attempt) AS attempts,
            toString(argMax(deliveries.state, attempt)) AS last_state,
            argMax(deliveries.http_status, attempt) AS status,
            argMax(deliveries.error, attempt) AS last_error,
            max(deliveries.at) AS last_at,
            argMax(deliveries.next_attempt_at, attempt) AS next_at
        FROM deliveries
        WHERE tenant = {tenant:String}
            AND (length({endpoints:Array(String)}) = 0 OR has({endpoints:Array(String)}, deliveries.endpoint))
            AND ({incident_id:String} = '' OR incident_id = {incident_id:String})
        GROUP BY endpoint, incident_id, sequence
    )
)
WHERE (length({states:Array(String)}) = 0 OR has({states:Array(String)}, last_state))
    AND last_at >= {since:DateTime64(3, 'UTC')}
    AND (last_at, id) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
    AND (NOT overtaken OR {overtaken:UInt8} = 1)
ORDER BY last_at DESC, id DESC
LIMIT {limit:UInt32}
