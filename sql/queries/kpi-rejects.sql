-- Positions read and rejected, from the ledger, between two instants of storing (s since 1970), in steps from the first one on, cut by up to two
-- dimensions (`tenant` where there are fewer). A range that was sent again counts once.
SELECT
    {from:UInt32} + intDiv(toUInt32(stored.stored_at) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toFloat64(sum(stored.`read`)) AS read_records,
    toFloat64(sum(stored.rejected)) AS rejected_records
FROM
(
    SELECT tenant, source, kind, stored_at, `read`, rejected
    FROM batches
    WHERE tenant = {tenant:String} AND state = 'stored'
        AND stored_at >= toDateTime({from:UInt32}, 'UTC') AND stored_at < toDateTime({to:UInt32}, 'UTC')
        AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
        AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
    ORDER BY stored_at
    LIMIT 1 BY source, `partition`, first, last
) AS stored
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
