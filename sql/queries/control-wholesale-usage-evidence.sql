-- Evidence of S09: records, units (seconds, octets, events) and charges of a service and zone on our side and on the host's, day by day; with a plan, of it alone.
SELECT
    toDate(hour) AS day, leg, service, zone, plan, sum(records) AS n,
    multiIf(service = 'voice', sum(billable_seconds), service = 'data', toFloat64(sum(octets_up) + sum(octets_down)), toFloat64(sum(events))) AS units,
    sum(usage_hour.charge) AS charge, sum(usage_hour.wholesale_charge) AS wholesale_charge
FROM usage_hour
WHERE tenant = {tenant:String} AND leg IN ('rating', 'billing', 'ocs', 'mno_wholesale') AND direction NOT IN ('mt', 'transit')
    AND ({plan:String} != '' OR (service = {service:String} AND zone = {zone:String})) AND ({plan:String} = '' OR plan = {plan:String})
    AND hour >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND hour < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY day, leg, service, zone, plan
ORDER BY day, service, zone, leg
LIMIT 2000
