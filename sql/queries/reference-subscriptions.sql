-- Plan and segment of subscriptions that hold now, for enrichment; at most as many as are held in memory.
SELECT subscription, plan, segment, valid_from
FROM subscriptions_current
WHERE tenant = {tenant:String} AND subscription != 0 AND valid_from <= now64(3) AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to > now64(3))
LIMIT {limit:UInt64}
