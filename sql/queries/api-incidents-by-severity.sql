-- Incidents that people still have to act on, by severity.
SELECT severity, count() AS incidents
FROM
(
    SELECT severity, state
    FROM incidents
    WHERE tenant = {tenant:String}
    ORDER BY sequence DESC, at
    LIMIT 1 BY incident_id
)
WHERE state NOT IN ('resolved', 'closed')
GROUP BY severity
ORDER BY severity
