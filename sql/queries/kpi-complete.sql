-- Usage records of a stretch against the same time of the four weeks before, between two instants (s since 1970), in steps from the first one on, cut
-- by up to two dimensions (`tenant` where there are fewer). Expected: the median of those weeks that brought any, of at least two; what is more than
-- expected counts as complete. Of the weeks before only the same time is read.
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
            a, b, sum(stored) AS n
        FROM
        (
            SELECT arrayJoin(range(5)) AS week, stored_at + week * 604800 AS at, a, b, stored
            FROM
            (
                SELECT
                    toUInt32({time:Identifier}) AS stored_at,
                    toString({first:Identifier}) AS a,
                    toString({second:Identifier}) AS b,
                    toFloat64(sum(records)) AS stored
                FROM {table:Identifier}
                WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
                    AND ({time:Identifier} >= toDateTime({from:UInt32}, 'UTC') AND {time:Identifier} < toDateTime({to:UInt32}, 'UTC')
                        OR {time:Identifier} >= toDateTime(greatest({from:UInt32}, 604800) - 604800, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 604800) - 604800, 'UTC')
                        OR {time:Identifier} >= toDateTime(greatest({from:UInt32}, 1209600) - 1209600, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 1209600) - 1209600, 'UTC')
                        OR {time:Identifier} >= toDateTime(greatest({from:UInt32}, 1814400) - 1814400, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 1814400) - 1814400, 'UTC')
                        OR {time:Identifier} >= toDateTime(greatest({from:UInt32}, 2419200) - 2419200, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 2419200) - 2419200, 'UTC'))
                    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
                    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
                    AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
                GROUP BY stored_at, a, b
            )
        )
        WHERE at >= {from:UInt32} AND at < {to:UInt32}
        GROUP BY week, bucket, a, b
    )
    GROUP BY bucket, a, b
)
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
