-- Incidents that are not closed or resolved, worst and dearest first.
SELECT incident_id, severity, state, category, title, summary, team, money, currency, customers, began_at, detected_at
FROM incident_latest
WHERE tenant = {tenant:String} AND state NOT IN ('resolved', 'closed')
ORDER BY severity, money DESC NULLS LAST, detected_at DESC
LIMIT {limit:UInt32}
