-- Transitions from an instant on, in order.
SELECT body
FROM incidents
WHERE tenant = {tenant:String} AND at >= {from:DateTime64(3, 'UTC')}
ORDER BY at, incident_id, sequence
LIMIT 1 BY incident_id, sequence
LIMIT {limit:UInt32}
