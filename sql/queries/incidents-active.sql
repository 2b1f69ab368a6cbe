-- Incidents that people still have to act on, in full, the worst first.
SELECT body FROM incident_latest
WHERE tenant = {tenant:String} AND state NOT IN ('resolved', 'closed')
ORDER BY severity, detected_at DESC
LIMIT 200
