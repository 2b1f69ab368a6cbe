-- Usage records and those that repeat one seen shortly before, between two instants (s since 1970), in steps from the first one on, cut by up to two
-- dimensions (`tenant` where there are fewer).
SELECT
    {from:UInt32} + intDiv(toUInt32(minute) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toFloat64(sum(both.records)) AS stored_records,
    toFloat64(sum(both.duplicates)) AS repeated_records
FROM
(
    SELECT tenant, leg, service, minute, partner, direction, node, route, rat, zone, records, 0 AS duplicates
    FROM usage_minute
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
    UNION ALL
    SELECT tenant, leg, service, minute, partner, direction, node, route, rat, zone, 0 AS records, duplicates
    FROM quality_minute
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND duplicates > 0
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
) AS both
WHERE (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
