-- Evidence of S07: two legs of the chain beside each other, hour by hour, as a whole or in one zone or plan.
SELECT
    hour,
    sumIf(records, leg = {leg:String}) AS records_a, sumIf(records, leg = {next:String}) AS records_b,
    sumIf(answered, leg = {leg:String}) AS answered_a, sumIf(answered, leg = {next:String}) AS answered_b,
    round(sumIf(billable_seconds, leg = {leg:String})) AS seconds_a, round(sumIf(billable_seconds, leg = {next:String})) AS seconds_b,
    sumIf(octets_up + octets_down, leg = {leg:String}) AS octets_a, sumIf(octets_up + octets_down, leg = {next:String}) AS octets_b,
    sumIf(charge, leg = {leg:String}) AS charge_a, sumIf(charge, leg = {next:String}) AS charge_b
FROM usage_hour
WHERE tenant = {tenant:String} AND leg IN ({leg:String}, {next:String}) AND service = {service:String} AND direction NOT IN ('mt', 'transit')
    AND ({dimension:String} = '' OR ({dimension:String} = 'zone' AND zone = {value:String}) OR ({dimension:String} = 'plan' AND plan = {value:String}))
    AND hour >= parseDateTimeBestEffort({from:String}, 'UTC') AND hour < parseDateTimeBestEffort({to:String}, 'UTC')
GROUP BY hour
ORDER BY hour
