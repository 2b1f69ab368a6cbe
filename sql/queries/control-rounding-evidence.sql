-- Evidence of N06: durations that a partner stated in a window, the most frequent first, with their remainders.
SELECT billable_seconds, count() AS calls, billable_seconds % 60 AS beyond_minute, billable_seconds % 6 AS beyond_six, sum(wholesale_charge) AS wholesale_charge
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = 'voice' AND billable_seconds > 0 AND partner = {partner:String}
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY billable_seconds
ORDER BY calls DESC, billable_seconds
LIMIT 1000
