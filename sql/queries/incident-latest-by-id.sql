-- One incident as it stands.
SELECT body
FROM incidents
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String}
ORDER BY sequence DESC, at, body
LIMIT 1
