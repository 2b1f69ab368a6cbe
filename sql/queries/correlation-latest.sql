-- Identity of an incident in the system of one target, the latest one.
SELECT external_id, reference
FROM correlations
WHERE tenant = {tenant:String} AND target = {target:String} AND incident_id = {incident_id:String}
ORDER BY at DESC
LIMIT 1
