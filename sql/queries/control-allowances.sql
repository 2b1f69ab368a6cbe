-- Share of chargeable usage that an allowance made free, by service, zone and plan, for S19: in the latest day of the legs that charge (block 0), the
-- day before it (1) and the same day a week before (2). `charged`, `total` and `charged_units` (seconds, octets or number): of
-- what is charged of the service in the zone, all plans and days together; `free_units`: of what was free in the latest day.
WITH
    (SELECT least({instant:DateTime64(3, 'UTC')}, toDateTime64(max(hour) + 3600, 3, 'UTC')) FROM usage_hour WHERE tenant = {tenant:String} AND leg IN ('rating', 'ocs', 'billing')) AS day_end,
    daily AS
    (
        SELECT
            leg, service, zone, plan,
            multiIf(start_time >= assumeNotNull(day_end) - INTERVAL 1 DAY, 0, start_time >= assumeNotNull(day_end) - INTERVAL 2 DAY, 1, 2) AS block,
            count() AS n, countIf(charge = 0 AND zero_reason = 'allowance') AS free, countIf(charge > 0) AS charged, toFloat64(sumIf(usage.charge, currency = {currency:String})) AS total,
            sumIf(multiIf(service = 'voice', billable_seconds, service = 'data', toFloat64(octets_up + octets_down), 1), charge = 0 AND zero_reason = 'allowance') AS free_units,
            sumIf(multiIf(service = 'voice', billable_seconds, service = 'data', toFloat64(octets_up + octets_down), 1), charge > 0) AS charged_units,
            uniqIf(subscriber, subscriber != 0 AND charge = 0 AND zero_reason = 'allowance') AS people
        FROM usage
        WHERE tenant = {tenant:String} AND leg IN ('rating', 'ocs', 'billing') AND direction NOT IN ('mt', 'transit') AND (answered OR service = 'data')
            AND ((toStartOfHour(start_time) >= toStartOfHour(assumeNotNull(day_end) - INTERVAL 2 DAY) AND start_time >= assumeNotNull(day_end) - INTERVAL 2 DAY AND start_time < assumeNotNull(day_end))
                OR (toStartOfHour(start_time) >= toStartOfHour(assumeNotNull(day_end) - INTERVAL 8 DAY) AND start_time >= assumeNotNull(day_end) - INTERVAL 8 DAY AND start_time < assumeNotNull(day_end) - INTERVAL 7 DAY))
        GROUP BY leg, service, zone, plan, block
    )
SELECT
    leg, service, zone, plan, groupArray(block) AS blocks, groupArray(n) AS n, groupArray(free) AS free, sumIf(people, block = 0) AS customers,
    any(zone_charged) AS charged, any(zone_total) AS total,
    sumIf(daily.free_units, block = 0) AS free_units, any(zone_units) AS charged_units, assumeNotNull(day_end) AS ends
FROM daily
INNER JOIN (SELECT leg, service, zone, sum(charged) AS zone_charged, sum(total) AS zone_total, sum(charged_units) AS zone_units FROM daily GROUP BY leg, service, zone) AS zones USING (leg, service, zone)
GROUP BY leg, service, zone, plan
HAVING sum(daily.free) > 0
ORDER BY sum(daily.free) DESC
LIMIT 2000
