-- Evidence of S19: usage of a day that an allowance made free, by subscriber, in one service, zone and plan, the most first.
SELECT subscriber, count() AS records, round(sum(billable_seconds)) AS seconds, sum(octets_up + octets_down) AS octets, min(start_time) AS first_at, groupUniqArray(3)(tariff) AS tariffs
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String} AND zone = {zone:String} AND plan = {plan:String}
    AND charge = 0 AND zero_reason = 'allowance'
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY subscriber
ORDER BY octets DESC, seconds DESC, records DESC
LIMIT 1000
