-- Incidents as they stand whose id begins with a text; two are enough to say that it is not unique.
SELECT body FROM incident_latest
WHERE tenant = {tenant:String} AND startsWith(incident_id, {prefix:String})
LIMIT 2
