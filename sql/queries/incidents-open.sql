-- Incidents that are not closed or resolved, the highest rank first: the most severe, of those what most is at stake in.
SELECT incident_id, severity, state, category, title, summary, team, money, currency, customers, began_at, detected_at
FROM incident_latest
WHERE tenant = {tenant:String} AND state NOT IN ('resolved', 'closed')
ORDER BY rank DESC, severity, money DESC NULLS LAST, detected_at DESC
LIMIT {limit:UInt32}
