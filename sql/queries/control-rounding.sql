-- How a partner rounds the durations that it states, for N06: of its answered calls in a window, how many fit each scheme of first and following
-- increment, in the order of `schemes`; `minimum`: calls that last exactly the first increment. `agreed`: rounding of the partner as it held then. The same by hour,
-- oldest first, in arrays; those of the schemes stand one hour after the other.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    [(60, 60), (60, 30), (60, 6), (60, 1), (30, 30), (30, 6), (30, 1), (20, 20), (10, 10), (6, 6), (1, 1)] AS schemes
SELECT
    partner, sum(n) AS calls, sum(lasted) AS seconds, sum(charged) AS charge,
    sumForEach(fitting) AS fits, sumForEach(shortest) AS minimum, any(agreements.agreed) AS agreed, min(first) AS first_at,
    groupArray(toUnixTimestamp(hour)) AS hours, groupArray(n) AS hour_calls, groupArray(toFloat64(lasted)) AS hour_seconds, groupArray(toFloat64(charged)) AS hour_charges,
    groupArrayArray(fitting) AS hour_fits, groupArrayArray(shortest) AS hour_minimum
FROM
(
    SELECT
        usage.partner AS partner, toStartOfHour(toDateTime(start_time, 'UTC')) AS hour, count() AS n, sum(billable_seconds) AS lasted,
        sumIf(if(wholesale_charge != 0, wholesale_charge, usage.charge), currency = {currency:String}) AS charged,
        sumForEach(arrayMap(each -> toUInt64(billable_seconds >= each.1 AND (billable_seconds - each.1) - floor((billable_seconds - each.1) / each.2) * each.2 = 0), schemes)) AS fitting,
        sumForEach(arrayMap(each -> toUInt64(billable_seconds = each.1), schemes)) AS shortest,
        min(start_time) AS first
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = 'voice' AND billable_seconds > 0 AND partner != ''
        AND toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends
    GROUP BY partner, hour
    ORDER BY hour
) AS stated
LEFT JOIN
(
    SELECT partner, argMax(rounding, (valid_from, ingest_time, position)) AS agreed
    FROM partners
    WHERE tenant = {tenant:String} AND valid_from <= starts
    GROUP BY partner
) AS agreements USING (partner)
GROUP BY partner
ORDER BY partner
