-- Evidence of N12: what suspected subscribers did hour by hour in a window: calls made and received, different numbers, cells, minutes.
SELECT
    subscriber, toStartOfHour(start_time) AS hour, countIf(service = 'voice' AND direction = 'mo') AS calls, countIf(service = 'voice' AND direction = 'mt') AS received,
    countIf(service = 'sms' AND direction = 'mt') AS messages_received, uniqExactIf(other_party, direction = 'mo') AS numbers, groupUniqArray(10)(cell) AS cells,
    round(sumIf(billable_seconds, direction = 'mo') / 60, 1) AS minutes, groupUniqArray(5)(tac) AS device_types
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service IN ('voice', 'sms') AND subscriber IN (arrayMap(each -> toUInt64(each), {subscribers:Array(String)}))
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY subscriber, hour
ORDER BY subscriber, hour
LIMIT 5000
