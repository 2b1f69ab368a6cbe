-- Incidents that people still have to act on, in full.
SELECT body FROM incident_latest
WHERE tenant = {tenant:String} AND state NOT IN ('resolved', 'closed')
ORDER BY severity, detected_at DESC
LIMIT 1000
