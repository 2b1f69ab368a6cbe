-- What became of the positions read, by source and bucket of the time at which they were stored.
SELECT
    toUnixTimestamp(toStartOfInterval(stored_at, toIntervalSecond({step:UInt32}))) * 1000 AS at, source,
    toFloat64(sum(read)) AS read, toFloat64(sum(stored)) AS stored, toFloat64(sum(rejected)) AS rejected, toFloat64(sum(dropped)) AS dropped
FROM
(
    SELECT source, stored_at, batches.read AS read, batches.stored AS stored, batches.rejected AS rejected, batches.dropped AS dropped
    FROM batches
    WHERE tenant = {tenant:String} AND state = 'stored' AND stored_at >= {from:DateTime64(3, 'UTC')} AND stored_at < {to:DateTime64(3, 'UTC')}
        AND (empty({sources:Array(String)}) OR source IN {sources:Array(String)})
    ORDER BY epoch DESC, stored_at DESC
    LIMIT 1 BY source, `partition`, first
)
GROUP BY source, at
ORDER BY source, at
LIMIT 100000
