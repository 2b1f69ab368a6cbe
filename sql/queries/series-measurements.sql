-- Gauges of devices, or how many readings they sent, by bucket between two instants, cut by up to three dimensions (`tenant` where there
-- are fewer). Counters are left to those who take their differences, and
-- uptimes, which only grow, to those who look for restarts.
SELECT
    toUnixTimestamp(toStartOfInterval(toDateTime(event_time), toIntervalSecond({window_seconds:UInt32}))) AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toString({third:Identifier}) AS c,
    toFloat64(if({numerator:String} = 'value', sum(value), count())) AS up,
    toFloat64(count()) AS down,
    toFloat64(count()) AS weight
FROM measurements
WHERE tenant = {tenant:String}
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND isFinite(value)
    AND ({numerator:String} != 'value' OR (instrument = 'gauge' AND metric NOT IN ('uptime_seconds', 'uptime', 'system_uptime')))
    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND ({shards:UInt32} = 1 OR cityHash64(toString({second:Identifier})) % {shards:UInt32} = {shard:UInt32})
GROUP BY bucket, a, b, c
ORDER BY bucket, a, b, c
