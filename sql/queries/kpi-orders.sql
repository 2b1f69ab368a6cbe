-- Orders that were activated between two instants (s since 1970), in steps from the first one on, cut by up to two dimensions (`tenant` where there are
-- fewer): how long it took since the order, whether any step failed on the way, whether a person had to step in. Orders of the ninety days before.
SELECT
    {from:UInt32} + intDiv(toUInt32(activated_at) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
    toFloat64(count()) AS orders_activated,
    toFloat64(countIf(failures = 0)) AS orders_first_time,
    toFloat64(countIf(by_hand > 0)) AS orders_by_hand,
    ifNotFinite(quantileExactInclusive(0.5)((toUnixTimestamp64Milli(activated_at) - toUnixTimestamp64Milli(ordered_at)) / 3600000), NULL) AS activation_p50,
    ifNotFinite(quantileExactInclusive(0.9)((toUnixTimestamp64Milli(activated_at) - toUnixTimestamp64Milli(ordered_at)) / 3600000), NULL) AS activation_p90
FROM
(
    SELECT
        tenant, subscription, if(order_id = '', toString(subscription), order_id) AS number,
        minIf(event_time, step = 'ordered') AS ordered_at,
        minIf(event_time, step = 'activated' AND done) AS activated_at,
        countIf(failed) AS failures,
        countIf(actor = 'agent' AND step NOT IN ('ordered', 'paid')) AS by_hand,
        argMinIf(steps.plan, event_time, step = 'ordered') AS plan,
        argMinIf(steps.segment, event_time, step = 'ordered') AS segment,
        argMinIf(steps.system, event_time, step = 'activated' AND done) AS system
    FROM
    (
        SELECT
            *, lower(result) IN ('failed', 'failure', 'error', 'rejected', 'refused', 'timeout') AS failed,
            NOT failed AND lower(result) != 'pending' AS done
        FROM lifecycle
        WHERE tenant = {tenant:String} AND subscription != 0
            AND event_time >= toDateTime(greatest({from:UInt32}, 7776000) - 7776000, 'UTC') AND event_time < toDateTime({to:UInt32}, 'UTC')
    ) AS steps
    GROUP BY tenant, subscription, number
    HAVING toUnixTimestamp(ordered_at) > 0 AND activated_at >= greatest(ordered_at, toDateTime64({from:UInt32}, 3, 'UTC')) AND activated_at < toDateTime({to:UInt32}, 'UTC')
)
WHERE (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
