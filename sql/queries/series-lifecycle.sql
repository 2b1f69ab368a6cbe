-- Steps of the customer life cycle, or those that did not fail, by bucket between two instants, cut by up to three dimensions (`tenant`
-- where there are fewer).
SELECT
    toUnixTimestamp(toStartOfInterval(toDateTime(event_time), toIntervalSecond({window_seconds:UInt32}))) AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toString({third:Identifier}) AS c,
    toFloat64(if({numerator:String} = 'succeeded', countIf(result != 'failed' AND error = ''), count())) AS up,
    toFloat64(count()) AS down,
    toFloat64(count()) AS weight
FROM lifecycle
WHERE tenant = {tenant:String}
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND ({shards:UInt32} = 1 OR cityHash64(toString({second:Identifier})) % {shards:UInt32} = {shard:UInt32})
GROUP BY bucket, a, b, c
ORDER BY bucket, a, b, c
