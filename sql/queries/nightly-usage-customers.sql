-- Subscribers of a leg, service and partner by segment in a stretch of time: whom a change of level touches.
SELECT segment, uniqExact(subscriber) AS customers
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String} AND partner = {partner:String} AND subscriber != 0
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({since:String}, 3, 'UTC'))
    AND toStartOfHour(start_time) <= toStartOfHour(parseDateTime64BestEffort({to:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY segment
ORDER BY segment
