-- Bodies of ticket systems that were stored and not applied, the oldest first.
SELECT connector, toString(receipt) AS receipt, toUnixTimestamp64Milli(min(inbound.received_at)) AS received_ms, any(address) AS address, any(body) AS body
FROM inbound
WHERE tenant = {tenant:String} AND inbound.received_at >= {from:DateTime64(3, 'UTC')}
    AND (connector, receipt) NOT IN (
        SELECT connector, receipt FROM inbound_events WHERE tenant = {tenant:String} AND at >= {from:DateTime64(3, 'UTC')}
    )
GROUP BY connector, receipt
ORDER BY received_ms, receipt
LIMIT {limit:UInt32}
