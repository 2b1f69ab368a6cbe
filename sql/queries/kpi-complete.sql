-- Usage records of a stretch against the same time of the four weeks before, between two instants (s since 1970), in steps from the first one on, cut
-- by up to two dimensions (`tenant` where there are fewer). Expected: the median of those weeks that brought any, of at least two; what is more than
-- expected counts as complete.
SELECT
    bucket, a, b,
    toFloat64(sum(expected)) AS expected_records,
    toFloat64(sum(least(received, expected))) AS complete_records
FROM
(
    SELECT
        bucket, a, b,
        sumIf(n, week = 0) AS received,
        if(countIf(week > 0) < 2, 0, ifNotFinite(quantileExactInclusiveIf(0.5)(n, week > 0), 0)) AS expected
    FROM
    (
        SELECT
            week,
            {from:UInt32} + intDiv(at - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
            toString({first:Identifier}) AS a,
            toString({second:Identifier}) AS b,
            toFloat64(sum(records)) AS n
        FROM
        (
            SELECT *, arrayJoin(range(5)) AS week, toUInt32({time:Identifier}) + week * 604800 AS at
            FROM {table:Identifier}
            WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
                AND {time:Identifier} >= toDateTime(greatest({from:UInt32}, 2419200) - 2419200, 'UTC') AND {time:Identifier} < toDateTime({to:UInt32}, 'UTC')
                AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
                AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
                AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
                AND arrayExists(k -> toUInt32({time:Identifier}) + k * 604800 >= {from:UInt32} AND toUInt32({time:Identifier}) + k * 604800 < {to:UInt32}, range(5))
        )
        WHERE at >= {from:UInt32} AND at < {to:UInt32}
        GROUP BY week, bucket, a, b
    )
    GROUP BY bucket, a, b
)
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
