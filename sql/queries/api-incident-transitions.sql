-- All transitions of one incident, in order: who did what when, and how the figures grew.
SELECT sequence, transition, state, severity, title, summary, team, assignee, money, currency, customers, at
FROM incidents
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String}
ORDER BY sequence, at, body
LIMIT 1 BY sequence
LIMIT 1000
