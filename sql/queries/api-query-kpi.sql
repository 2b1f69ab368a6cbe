-- A metric of usage by bucket, cut by up to three dimensions (`tenant` where there are fewer), from the rollup `source` with its column `time`; and the
-- same stretch up to four `shift`s (weeks, in seconds) earlier. `whole`: one bucket for each stretch. Of many groups the largest `series`; 0 = there is one.
-- Filters: mode 0 none, 1 one of, 2 none of, 3 matches, 4 does not match.
SELECT
    if({whole:UInt8} = 1,
        toInt64(toUnixTimestamp(toDateTime({from:DateTime64(3, 'UTC')})))
            - {shift:UInt32} * intDiv(toInt64(toUnixTimestamp(toDateTime({to:DateTime64(3, 'UTC')}))) - 1 - toUnixTimestamp({time:Identifier}), {shift:UInt32}),
        toInt64(toUnixTimestamp(toStartOfInterval({time:Identifier}, toIntervalSecond({step:UInt32}))))) AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toString({third:Identifier}) AS c,
    toFloat64(sum({numerator:Identifier})) AS up,
    toFloat64(sum({denominator:Identifier})) AS down
FROM {source:Identifier}
WHERE
    tenant = {tenant:String}
    AND (empty({legs:Array(String)}) OR leg IN {legs:Array(String)})
    AND (empty({services:Array(String)}) OR service IN {services:Array(String)})
    AND
    (
        ({time:Identifier} >= toDateTime({from:DateTime64(3, 'UTC')}) AND {time:Identifier} < toDateTime({to:DateTime64(3, 'UTC')}))
        OR ({weeks:UInt8} >= 1 AND {time:Identifier} >= toDateTime({from:DateTime64(3, 'UTC')}) - 1 * {shift:UInt32} AND {time:Identifier} < toDateTime({to:DateTime64(3, 'UTC')}) - 1 * {shift:UInt32})
        OR ({weeks:UInt8} >= 2 AND {time:Identifier} >= toDateTime({from:DateTime64(3, 'UTC')}) - 2 * {shift:UInt32} AND {time:Identifier} < toDateTime({to:DateTime64(3, 'UTC')}) - 2 * {shift:UInt32})
        OR ({weeks:UInt8} >= 3 AND {time:Identifier} >= toDateTime({from:DateTime64(3, 'UTC')}) - 3 * {shift:UInt32} AND {time:Identifier} < toDateTime({to:DateTime64(3, 'UTC')}) - 3 * {shift:UInt32})
        OR ({weeks:UInt8} >= 4 AND {time:Identifier} >= toDateTime({from:DateTime64(3, 'UTC')}) - 4 * {shift:UInt32} AND {time:Identifier} < toDateTime({to:DateTime64(3, 'UTC')}) - 4 * {shift:UInt32})
    )
    AND ({currency:String} = '' OR currency = {currency:String} OR charge = 0)
    AND ({mode_1:UInt8} = 0
        OR ({mode_1:UInt8} = 1 AND has({values_1:Array(String)}, toString({key_1:Identifier})))
        OR ({mode_1:UInt8} = 2 AND NOT has({values_1:Array(String)}, toString({key_1:Identifier})))
        OR ({mode_1:UInt8} = 3 AND match(toString({key_1:Identifier}), {values_1:Array(String)}[1]))
        OR ({mode_1:UInt8} = 4 AND NOT match(toString({key_1:Identifier}), {values_1:Array(String)}[1])))
    AND ({mode_2:UInt8} = 0
        OR ({mode_2:UInt8} = 1 AND has({values_2:Array(String)}, toString({key_2:Identifier})))
        OR ({mode_2:UInt8} = 2 AND NOT has({values_2:Array(String)}, toString({key_2:Identifier})))
        OR ({mode_2:UInt8} = 3 AND match(toString({key_2:Identifier}), {values_2:Array(String)}[1]))
        OR ({mode_2:UInt8} = 4 AND NOT match(toString({key_2:Identifier}), {values_2:Array(String)}[1])))
    AND ({mode_3:UInt8} = 0
        OR ({mode_3:UInt8} = 1 AND has({values_3:Array(String)}, toString({key_3:Identifier})))
        OR ({mode_3:UInt8} = 2 AND NOT has({values_3:Array(String)}, toString({key_3:Identifier})))
        OR ({mode_3:UInt8} = 3 AND match(toString({key_3:Identifier}), {values_3:Array(String)}[1]))
        OR ({mode_3:UInt8} = 4 AND NOT match(toString({key_3:Identifier}), {values_3:Array(String)}[1])))
    AND ({mode_4:UInt8} = 0
        OR ({mode_4:UInt8} = 1 AND has({values_4:Array(String)}, toString({key_4:Identifier})))
        OR ({mode_4:UInt8} = 2 AND NOT has({values_4:Array(String)}, toString({key_4:Identifier})))
        OR ({mode_4:UInt8} = 3 AND match(toString({key_4:Identifier}), {values_4:Array(String)}[1]))
        OR ({mode_4:UInt8} = 4 AND NOT match(toString({key_4:Identifier}), {values_4:Array(String)}[1])))
    AND ({mode_5:UInt8} = 0
        OR ({mode_5:UInt8} = 1 AND has({values_5:Array(String)}, toString({key_5:Identifier})))
        OR ({mode_5:UInt8} = 2 AND NOT has({values_5:Array(String)}, toString({key_5:Identifier})))
        OR ({mode_5:UInt8} = 3 AND match(toString({key_5:Identifier}), {values_5:Array(String)}[1]))
        OR ({mode_5:UInt8} = 4 AND NOT match(toString({key_5:Identifier}), {values_5:Array(String)}[1])))
    AND ({series:UInt32} = 0 OR (toString({first:Identifier}), toString({second:Identifier}), toString({third:Identifier})) IN
    (
        SELECT toString({first:Identifier}), toString({second:Identifier}), toString({third:Identifier})
        FROM {source:Identifier}
        WHERE
            tenant = {tenant:String}
            AND (empty({legs:Array(String)}) OR leg IN {legs:Array(String)})
            AND (empty({services:Array(String)}) OR service IN {services:Array(String)})
            AND {time:Identifier} >= toDateTime({from:DateTime64(3, 'UTC')}) AND {time:Identifier} < toDateTime({to:DateTime64(3, 'UTC')})
            AND ({mode_1:UInt8} = 0
                OR ({mode_1:UInt8} = 1 AND has({values_1:Array(String)}, toString({key_1:Identifier})))
                OR ({mode_1:UInt8} = 2 AND NOT has({values_1:Array(String)}, toString({key_1:Identifier})))
                OR ({mode_1:UInt8} = 3 AND match(toString({key_1:Identifier}), {values_1:Array(String)}[1]))
                OR ({mode_1:UInt8} = 4 AND NOT match(toString({key_1:Identifier}), {values_1:Array(String)}[1])))
            AND ({mode_2:UInt8} = 0
                OR ({mode_2:UInt8} = 1 AND has({values_2:Array(String)}, toString({key_2:Identifier})))
                OR ({mode_2:UInt8} = 2 AND NOT has({values_2:Array(String)}, toString({key_2:Identifier})))
                OR ({mode_2:UInt8} = 3 AND match(toString({key_2:Identifier}), {values_2:Array(String)}[1]))
                OR ({mode_2:UInt8} = 4 AND NOT match(toString({key_2:Identifier}), {values_2:Array(String)}[1])))
            AND ({mode_3:UInt8} = 0
                OR ({mode_3:UInt8} = 1 AND has({values_3:Array(String)}, toString({key_3:Identifier})))
                OR ({mode_3:UInt8} = 2 AND NOT has({values_3:Array(String)}, toString({key_3:Identifier})))
                OR ({mode_3:UInt8} = 3 AND match(toString({key_3:Identifier}), {values_3:Array(String)}[1]))
                OR ({mode_3:UInt8} = 4 AND NOT match(toString({key_3:Identifier}), {values_3:Array(String)}[1])))
            AND ({mode_4:UInt8} = 0
                OR ({mode_4:UInt8} = 1 AND has({values_4:Array(String)}, toString({key_4:Identifier})))
                OR ({mode_4:UInt8} = 2 AND NOT has({values_4:Array(String)}, toString({key_4:Identifier})))
                OR ({mode_4:UInt8} = 3 AND match(toString({key_4:Identifier}), {values_4:Array(String)}[1]))
                OR ({mode_4:UInt8} = 4 AND NOT match(toString({key_4:Identifier}), {values_4:Array(String)}[1])))
            AND ({mode_5:UInt8} = 0
                OR ({mode_5:UInt8} = 1 AND has({values_5:Array(String)}, toString({key_5:Identifier})))
                OR ({mode_5:UInt8} = 2 AND NOT has({values_5:Array(String)}, toString({key_5:Identifier})))
                OR ({mode_5:UInt8} = 3 AND match(toString({key_5:Identifier}), {values_5:Array(String)}[1]))
                OR ({mode_5:UInt8} = 4 AND NOT match(toString({key_5:Identifier}), {values_5:Array(String)}[1])))
        GROUP BY 1, 2, 3
        ORDER BY sum({denominator:Identifier}) DESC, 1, 2, 3
        LIMIT {series:UInt32}
    ))
GROUP BY bucket, a, b, c
ORDER BY a, b, c, bucket
LIMIT 200000
