-- Incidents about a partner that opened in a stretch: when they were detected, opened, first told to a ticket system (1970 = never), and solved for good (1970 = not yet).
SELECT
    incident_id,
    argMax(incidents.severity, incidents.sequence) AS severity,
    min(incidents.detected_at) AS detected_at,
    min(incidents.at) AS opened_at,
    any(told.ticket_at) AS ticket_at,
    if(argMax(incidents.state, incidents.sequence) IN ('resolved', 'closed'), minIf(incidents.at, incidents.state IN ('resolved', 'closed') AND incidents.sequence > reopened.sequence), toDateTime64(0, 3, 'UTC')) AS resolved_at
FROM incidents
LEFT JOIN
(
    SELECT incident_id, max(incidents.sequence) AS sequence
    FROM incidents
    WHERE tenant = {tenant:String} AND state NOT IN ('resolved', 'closed')
    GROUP BY incident_id
) AS reopened USING (incident_id)
LEFT JOIN
(
    SELECT incident_id, min(correlations.at) AS ticket_at
    FROM correlations
    WHERE tenant = {tenant:String}
    GROUP BY incident_id
) AS told USING (incident_id)
WHERE tenant = {tenant:String} AND JSONExtractString(body, 'finding', 'scope', 'partner') = {partner:String}
    AND incident_id IN (SELECT incident_id FROM incidents WHERE tenant = {tenant:String} AND sequence = 1 AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')})
GROUP BY incident_id, reopened.sequence
HAVING severity <= {most_severity:UInt8}
ORDER BY opened_at
LIMIT 10000
