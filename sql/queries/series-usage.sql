-- A metric of usage by bucket between two instants, of one leg, cut by up to two dimensions below it (`tenant` where there are fewer).
-- `only` and `also` keep the records with certain values of a dimension; shards cut by the first dimension.
SELECT
    toUnixTimestamp(toStartOfInterval(minute, toIntervalSecond({window_seconds:UInt32}))) AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    '' AS c,
    toFloat64(sum({numerator:Identifier})) AS up,
    toFloat64(sum({denominator:Identifier})) AS down,
    toFloat64(sum(records)) AS weight
FROM usage_minute
WHERE tenant = {tenant:String} AND leg = {leg:String}
    AND minute >= toDateTime({from:DateTime64(3, 'UTC')}) AND minute < toDateTime({to:DateTime64(3, 'UTC')})
    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND ({currency:String} = '' OR currency = {currency:String} OR charge = 0)
    AND ({shards:UInt32} = 1 OR cityHash64(toString({first:Identifier})) % {shards:UInt32} = {shard:UInt32})
GROUP BY bucket, a, b
ORDER BY bucket, a, b, c
