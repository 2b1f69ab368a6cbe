-- Subscribers whose usage in the day before an instant passed one of these cells, sites, nodes, routes, partners or data networks.
SELECT toString(subscriber) AS customer, toString(any(usage.segment)) AS segment
FROM usage
WHERE tenant = {tenant:String} AND subscriber != 0
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 1 DAY)
    AND start_time >= parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 1 DAY AND start_time < parseDateTime64BestEffort({at:String}, 3, 'UTC')
    AND (has({cells:Array(String)}, cell) OR has({sites:Array(String)}, toString(site)) OR has({nodes:Array(String)}, toString(node))
        OR has({routes:Array(String)}, toString(route)) OR has({routes:Array(String)}, toString(trunk_in))
        OR has({partners:Array(String)}, toString(partner)) OR has({networks:Array(String)}, toString(apn)))
GROUP BY subscriber
ORDER BY subscriber
LIMIT {limit:UInt32}
