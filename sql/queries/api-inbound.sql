-- What ticket systems said and what became of it, the latest first, after a cursor; empty means any.
SELECT connector, toString(receipt) AS receipt, delivery_id, external_id, reference, incident_id, status, outcome, reason, said_at, received_at, at
FROM inbound_events
WHERE tenant = {tenant:String}
    AND ({connector:String} = '' OR connector = {connector:String})
    AND ({incident_id:String} = '' OR incident_id = {incident_id:String})
    AND (received_at, toString(receipt)) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY received_at DESC, receipt DESC
LIMIT {limit:UInt32}
