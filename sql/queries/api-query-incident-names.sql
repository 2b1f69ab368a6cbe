-- Incidents for a list to choose from: open ones first, then the latest.
SELECT incident_id AS value, concat(incident_id, '  ', title) AS text
FROM
(
    SELECT incident_id, title, state, detected_at
    FROM incidents
    WHERE tenant = {tenant:String} AND category != 'digest'
    ORDER BY sequence DESC, at
    LIMIT 1 BY incident_id
)
ORDER BY state NOT IN ('resolved', 'closed') DESC, detected_at DESC, incident_id
LIMIT {limit:UInt32}
