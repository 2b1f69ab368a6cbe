-- Subscribers of a leg and service by segment in a stretch of time, of all or of one zone, plan or node: whom a finding about their usage concerns.
SELECT segment, uniqExact(subscriber) AS customers
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String} AND subscriber != 0 AND direction NOT IN ('mt', 'transit')
    AND ({dimension:String} = '' OR ({dimension:String} = 'zone' AND zone = {value:String}) OR ({dimension:String} = 'plan' AND plan = {value:String})
        OR ({dimension:String} = 'node' AND node = {value:String}))
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY segment
ORDER BY segment
