-- How many records each combination of dimension values has in the two legs of a reconciliation: what breaks are compared with.
SELECT
    node, plan, prefix, zone, route,
    countIf(leg = {leg_a:String}) AS a, countIf(leg = {leg_b:String}) AS b
FROM usage
WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
    AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
    AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
    AND (answered OR billable_seconds > 0 OR octets_up + octets_down > 0)
    AND has({kinds:Array(UInt8)}, toUInt8(indexOf(['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], usage.service) * 4
        + indexOf(['mo', 'mt', 'transit'], usage.direction)))
GROUP BY node, plan, prefix, zone, route
ORDER BY a + b DESC
LIMIT 20000
