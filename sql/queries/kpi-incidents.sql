-- Incidents opened or opened again between two instants (s since 1970), in steps from the first one on, cut by up to two dimensions (`tenant` where there
-- are fewer), and those of them that had been there within the thirty days before.
SELECT
    {from:UInt32} + intDiv(toUInt32(at) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toFloat64(count()) AS incidents_opened,
    toFloat64(countIf(isNotNull(before) AND before >= at - INTERVAL 30 DAY)) AS incidents_repeated
FROM
(
    SELECT
        tenant, at, category, team, severity,
        lagInFrame(toNullable(at)) OVER (PARTITION BY incident_key ORDER BY at, sequence ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
    FROM incidents
    WHERE tenant = {tenant:String} AND transition IN ('opened', 'reopened')
        AND at >= toDateTime(greatest({from:UInt32}, 2592000) - 2592000, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
)
WHERE at >= toDateTime({from:UInt32}, 'UTC')
    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
