-- What tickets said of one incident, each word once.
SELECT connector, delivery_id, event
FROM inbound_events
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String} AND event != ''
ORDER BY received_at, connector, receipt
LIMIT 1 BY connector, delivery_id
LIMIT 10000
