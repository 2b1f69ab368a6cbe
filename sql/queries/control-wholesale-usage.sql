-- Our own rated usage and the wholesale usage of the host by day, for S09. `check` usage: by service and destination zone, one entry of the arrays for each
-- of the latest eight days that both legs are complete for: records, units (seconds, octets or events) and charges of both. `check` margin: by plan
-- over those days, what customers pay (charges of usage, and the recurring charge of the active subscriptions in billing for as many days) and what the
-- host charges for it: the units of the plan at the wholesale charge of a unit of the service in the zone. `rounding`: a partner rounds durations.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    marks AS
    (
        SELECT leg, minIf(upto, upto >= newest - INTERVAL 1 DAY) AS complete_to
        FROM
        (
            SELECT leg, source, argMax(watermarks.complete_to, updated_at) AS upto, max(upto) OVER (PARTITION BY leg) AS newest
            FROM watermarks
            WHERE tenant = {tenant:String} AND node = '' AND leg IN ('rating', 'billing', 'ocs', 'mno_wholesale')
            GROUP BY leg, source
        )
        GROUP BY leg
    ),
    -- The leg that states most of what customers used.
    (SELECT argMax(leg, n) FROM (SELECT leg, sum(records) AS n FROM usage_hour WHERE tenant = {tenant:String} AND leg IN ('rating', 'billing', 'ocs') AND hour >= toStartOfDay(now_at) - INTERVAL 9 DAY AND hour < now_at GROUP BY leg)) AS own,
    (SELECT toStartOfDay(least(minIf(complete_to, leg = 'mno_wholesale'), minIf(complete_to, leg = assumeNotNull(own)), now_at)) FROM marks) AS last_day,
    (SELECT toStartOfDay(max(first_hour) + INTERVAL 23 HOUR) FROM (SELECT leg, min(hour) AS first_hour FROM usage_hour WHERE tenant = {tenant:String} AND leg IN (assumeNotNull(own), 'mno_wholesale') GROUP BY leg)) AS first_day,
    daily AS
    (
        SELECT
            toStartOfDay(hour) AS day, service, zone, plan, leg = 'mno_wholesale' AS theirs,
            sum(records) AS n, multiIf(service = 'voice', sum(billable_seconds), service = 'data', toFloat64(sum(octets_up) + sum(octets_down)), toFloat64(sum(events))) AS units,
            toFloat64(if(theirs, sum(wholesale_charge), sum(charge))) AS paid
        FROM usage_hour
        WHERE tenant = {tenant:String} AND leg IN (assumeNotNull(own), 'mno_wholesale') AND direction NOT IN ('mt', 'transit') AND currency IN ({currency:String}, '')
            AND hour >= greatest(assumeNotNull(first_day), assumeNotNull(last_day) - INTERVAL 8 DAY) AND hour < assumeNotNull(last_day)
        GROUP BY day, service, zone, plan, leg
    ),
    sides AS
    (
        SELECT service, zone, day, sumIf(n, NOT theirs) AS own_records, sumIf(n, theirs) AS host_records, sumIf(daily.units, NOT theirs) AS own_units, sumIf(daily.units, theirs) AS host_units,
            sumIf(paid, NOT theirs) AS own_charge, sumIf(paid, theirs) AS host_charge
        FROM daily
        GROUP BY service, zone, day
        ORDER BY day
    ),
    customers AS
    (
        SELECT plan AS of_plan, count() AS subscriptions, sum(monthly) AS per_month
        FROM
        (
            SELECT subscription, argMax(subscriptions.plan, (valid_from, ingest_time, position)) AS plan, argMax(status, (valid_from, ingest_time, position)) AS state,
                argMax(valid_to, (valid_from, ingest_time, position)) AS ends, toFloat64(argMax(recurring_charge, (valid_from, ingest_time, position))) AS monthly
            FROM subscriptions
            WHERE tenant = {tenant:String} AND system IN ('billing', 'ocs') AND valid_from <= now_at AND currency IN ({currency:String}, '')
            GROUP BY subscription
        )
        WHERE state = 'active' AND (toUnixTimestamp(ends) = 0 OR ends > now_at)
        GROUP BY plan
    )
SELECT *
FROM
(
    SELECT
        'usage' AS check, toString(service) AS service, toString(zone) AS zone, '' AS plan, groupArray(toUnixTimestamp(day)) AS days, groupArray(own_records) AS own_records, groupArray(host_records) AS host_records,
        groupArray(own_units) AS own_units, groupArray(host_units) AS host_units, groupArray(host_charge) AS host_charge, sum(own_charge) AS revenue, sum(sides.host_charge) AS cost,
        toUInt64(0) AS subscriptions, (SELECT toUInt8(countIf(rounding != '') > 0) FROM partners WHERE tenant = {tenant:String}) AS rounding
    FROM sides
    GROUP BY service, zone
    UNION ALL
    SELECT
        'margin' AS check, '' AS service, '' AS zone, toString(plan) AS plan, groupUniqArray(toUnixTimestamp(day)) AS days, [sum(n)] AS own_records, CAST([], 'Array(UInt64)') AS host_records,
        CAST([], 'Array(Float64)') AS own_units, CAST([], 'Array(Float64)') AS host_units, CAST([], 'Array(Float64)') AS host_charge,
        sum(paid) + any(per_month) / 30 * length(days) AS revenue, sum(daily.units * unit_cost) AS cost, any(customers.subscriptions) AS subscriptions, toUInt8(0) AS rounding
    FROM daily
    INNER JOIN (SELECT service, zone, if(sum(own_units) = 0, 0, sum(host_charge) / sum(own_units)) AS unit_cost FROM sides GROUP BY service, zone) AS prices USING (service, zone)
    LEFT JOIN customers ON customers.of_plan = daily.plan
    WHERE NOT theirs AND plan != ''
    GROUP BY plan
)
WHERE length(days) > 0
ORDER BY check, cost DESC
LIMIT 2000
