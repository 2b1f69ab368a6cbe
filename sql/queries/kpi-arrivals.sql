-- How long after its end usage arrived, between two instants of event time (s since 1970), in steps from the first one on, cut by up to two
-- dimensions (`tenant` where there are fewer). By minute of the event: the end is the middle of the minute and the mean duration of the group,
-- the arrival that of one of its batches.
SELECT
    {from:UInt32} + intDiv(toUInt32(minute) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toFloat64(sum(lagging.records)) AS arrived,
    toFloat64(sumIf(lagging.records, lag <= 3600)) AS arrived_in_time,
    ifNotFinite(toFloat64(quantileBFloat16Weighted(0.95)(lag, lagging.records)), NULL) AS arrival_p95
FROM
(
    SELECT *, greatest(toFloat64(ingest_time) - toUInt32(minute) - 30 - duration_seconds / records, 0) AS lag
    FROM usage_minute
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
        AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
        AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
) AS lagging
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
