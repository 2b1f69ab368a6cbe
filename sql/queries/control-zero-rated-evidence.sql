-- Evidence of S13: answered usage of a service, zone and plan that was charged nothing, not rated, or lasted no time.
SELECT start_time, node, zone, plan, tariff, duration_seconds, billable_seconds, charge, zero_reason, status, cause, record_id
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String} AND zone = {zone:String} AND plan = {plan:String}
    AND direction NOT IN ('mt', 'transit') AND (answered OR service = 'data')
    AND (({check:String} = 'zero_rated' AND charge = 0 AND zero_reason NOT IN ('allowance', 'unanswered'))
        OR ({check:String} = 'unrated' AND status NOT IN ('', 'rated', 'rerated', 'billed'))
        OR ({check:String} = 'zero_duration' AND billable_seconds = 0))
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
ORDER BY start_time
LIMIT 1000
