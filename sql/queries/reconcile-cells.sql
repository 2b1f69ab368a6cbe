-- How many records each combination of dimension values has in the two legs of a reconciliation: what breaks are compared with. Of large
-- legs one record in `every` is counted, by its hash, and stands for the others.
SELECT
    node, plan, prefix, zone, route,
    countIf(leg = {leg_a:String}) * {every:UInt32} AS a, countIf(leg = {leg_b:String}) * {every:UInt32} AS b
FROM usage
WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
    AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
    AND cityHash64(record_id) % {every:UInt32} = 0
    AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
    AND (answered OR billable_seconds > 0 OR octets_up + octets_down > 0)
    AND has({kinds:Array(UInt8)}, toUInt8(transform(usage.service, ['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], [4, 8, 12, 16, 20, 24, 28], 0)
        + transform(usage.direction, ['mo', 'mt', 'transit'], [1, 2, 3], 0)))
GROUP BY node, plan, prefix, zone, route
ORDER BY a + b DESC
LIMIT 20000
