-- Tickets of a target whose incidents are not over, or ended after an instant, each with its incident as it stands and the last word of its system. By key: the system
-- knows a ticket by the id of its incident, and what was delivered counts.
SELECT incident_id, external_id, reference, body, word_ms
FROM
(
    SELECT
        incident_id,
        argMax(external_id, learned_ms) AS external_id,
        argMax(reference, learned_ms) AS reference,
        greatest(max(learned_ms), max(said_ms)) AS word_ms
    FROM
    (
        SELECT incident_id, external_id, reference, toUnixTimestamp64Milli(at) AS learned_ms, 0 AS said_ms
        FROM correlations
        WHERE tenant = {tenant:String} AND target = {target:String} AND {by_key:UInt8} = 0
        UNION ALL
        SELECT incident_id, '' AS external_id, '' AS reference, toUnixTimestamp64Milli(min(deliveries.at)) AS learned_ms, 0 AS said_ms
        FROM deliveries
        WHERE tenant = {tenant:String} AND endpoint = {target:String} AND state = 'delivered' AND http_status != 0 AND {by_key:UInt8} = 1
        GROUP BY incident_id
        UNION ALL
        SELECT incident_id, '' AS external_id, '' AS reference, 0 AS learned_ms, toUnixTimestamp64Milli(received_at) AS said_ms
        FROM inbound_events
        WHERE tenant = {tenant:String} AND connector = {connector:String} AND incident_id != ''
    )
    GROUP BY incident_id
    HAVING max(learned_ms) > 0
) AS tickets
INNER JOIN
(
    SELECT incident_id, argMax(incidents.body, sequence) AS body
    FROM incidents
    WHERE tenant = {tenant:String}
    GROUP BY incident_id
    HAVING argMax(state, sequence) NOT IN ('resolved', 'closed') OR max(at) >= {ended_after:DateTime64(3, 'UTC')}
) AS standing USING (incident_id)
ORDER BY word_ms, incident_id
LIMIT {limit:UInt32}
