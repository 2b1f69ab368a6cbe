-- Incident of a ticket, as an earlier word of the same ticket named it.
SELECT incident_id
FROM inbound_events
WHERE tenant = {tenant:String} AND connector = {connector:String} AND external_id = {external_id:String} AND incident_id != ''
ORDER BY at DESC
LIMIT 1
