-- Incidents that people still have to act on, in full.
SELECT body
FROM
(
    SELECT incident_id, state, severity, body
    FROM incidents
    WHERE tenant = {tenant:String}
    ORDER BY sequence DESC, at
    LIMIT 1 BY incident_id
)
WHERE state NOT IN ('resolved', 'closed')
ORDER BY severity, incident_id
LIMIT {limit:UInt32}
