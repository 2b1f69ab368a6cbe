-- Transitions as they stand: the rows that won when several processes made them at the same time. `names` are incident/sequence.
SELECT incident_id, sequence, body
FROM incidents
WHERE tenant = {tenant:String} AND incident_id IN {ids:Array(String)} AND concat(incident_id, '/', toString(sequence)) IN {names:Array(String)}
ORDER BY at, body
LIMIT 1 BY incident_id, sequence
