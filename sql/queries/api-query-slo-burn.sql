-- Error budget and burn rates of objectives within a stretch, by bucket, the last of each; an empty list means any.
SELECT
    toUnixTimestamp(toStartOfInterval(slo_burn.at, toIntervalSecond({step:UInt32}))) * 1000 AS bucket, slo,
    argMax(budget_left, slo_burn.at) AS budget_left, argMax(burn, slo_burn.at) AS burn
FROM slo_burn
WHERE tenant = {tenant:String} AND slo_burn.at >= {from:DateTime64(3, 'UTC')} AND slo_burn.at < {to:DateTime64(3, 'UTC')}
    AND (empty({objectives:Array(String)}) OR slo IN {objectives:Array(String)})
GROUP BY slo, bucket
ORDER BY slo, bucket
LIMIT 100000
