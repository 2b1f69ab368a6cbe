-- Incidents that a target has been told of and that are active, or ended after an instant, as they now stand.
SELECT argMax(incidents.body, sequence) AS body
FROM incidents
WHERE tenant = {tenant:String}
    AND incident_id IN (SELECT incident_id FROM correlations WHERE tenant = {tenant:String} AND target = {target:String})
GROUP BY incident_id
HAVING argMax(state, sequence) NOT IN ('resolved', 'closed') OR max(at) >= {ended_after:DateTime64(3, 'UTC')}
ORDER BY incident_id
LIMIT {limit:UInt32}
