-- One transition: the row that won when several processes made it at the same time.
SELECT body
FROM incidents
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String} AND sequence = {sequence:UInt64}
ORDER BY at, body
LIMIT 1
