-- Active incidents whose ticket was resolved although what is wrong still stood.
SELECT incident_id FROM incident_latest
WHERE tenant = {tenant:String} AND state NOT IN ('resolved', 'closed') AND JSONExtractString(body, 'ticket_resolved_at') != ''
LIMIT 1000
