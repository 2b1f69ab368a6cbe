-- Usage records that came but were rejected, by bucket between two instants, of one leg, as far as their series can be told: the share of
-- rejected ones in a batch is laid on the records of the batch that were read, in whole records. Columns as of series-usage.
SELECT
    toUnixTimestamp(toStartOfInterval(toDateTime(start_time), toIntervalSecond({window_seconds:UInt32}))) AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    '' AS c,
    round(sum(each)) AS up,
    0. AS down,
    0. AS weight
FROM usage
INNER JOIN
(
    SELECT partition, sum(rejected) / sum(stored) AS each
    FROM batches
    WHERE tenant = {tenant:String} AND state = 'stored' AND rejected > 0 AND stored > 0
        AND event_to >= {from:DateTime64(3, 'UTC')} AND event_from < {to:DateTime64(3, 'UTC')} AND planned_at >= {from:DateTime64(3, 'UTC')}
    GROUP BY partition
) AS spoilt USING (partition)
WHERE tenant = {tenant:String} AND leg = {leg:String}
    AND toStartOfHour(start_time) >= toStartOfHour({from:DateTime64(3, 'UTC')})
    AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND ({shards:UInt32} = 1 OR cityHash64(toString({first:Identifier})) % {shards:UInt32} = {shard:UInt32})
GROUP BY bucket, a, b
ORDER BY bucket
