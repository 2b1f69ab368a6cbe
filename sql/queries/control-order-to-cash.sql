-- Orders on their way to the first charge, for N04: of each step and the next one that at least half of the orders reach, how many orders did the first,
-- how long the next took (95th percentile), and how many wait longer than twice that and an hour: of the orders whose time for it ran out in
-- the last two days (`due`, `stuck`), of those before (`due_before`, `stuck_before`), and of all that wait (`waiting`). `per_month`: recurring charge
-- of those that wait, the mean of their plans in billing; `worth`: for the days they wait. `errors`: what their failed steps said.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    prices AS
    (
        SELECT plan AS priced_plan, avg(toFloat64(recurring_charge)) AS price
        FROM subscriptions
        WHERE tenant = {tenant:String} AND system IN ('billing', 'ocs') AND currency = {currency:String} AND recurring_charge > 0 AND status = 'active'
        GROUP BY plan
    ),
    orders AS
    (
        SELECT
            subscription, lifecycle_to_cash.plan AS plan, segment, failed_step, error, begun_at,
            [ordered_at, paid_at, activated_at, provisioned_at, first_usage_at, first_charge_at] AS times
        FROM lifecycle_to_cash
        WHERE tenant = {tenant:String} AND begun_at <= now_at AND state != 'ended'
    ),
    (SELECT groupArray(toUInt8(step)) FROM (SELECT arrayJoin(range(1, 7)) AS step, countIf(toUnixTimestamp(times[step]) > 0) AS reached, count() AS n FROM orders GROUP BY step HAVING reached * 2 >= n AND n > 0 ORDER BY step)) AS chain,
    hops AS
    (
        SELECT
            subscription, plan, segment, failed_step, error, hop, chain[hop] AS step, chain[hop + 1] AS next,
            times[step] AS from_at, times[next] AS to_at, toUnixTimestamp(to_at) > 0 AND to_at <= now_at AS finished,
            -- What came by another way is done: a later step was reached.
            arrayExists(at -> toUnixTimestamp(at) > 0 AND at <= now_at, arraySlice(times, next)) AS passed
        FROM orders
        ARRAY JOIN range(1, length(chain)) AS hop
        WHERE toUnixTimestamp(from_at) > 0 AND from_at <= now_at
    ),
    usual AS
    (
        SELECT step, countIf(finished) AS finished_orders, quantileExactIf(0.95)(greatest(0, dateDiff('second', from_at, to_at)), finished) AS p95, greatest(3600, 2 * p95) AS patience
        FROM hops
        GROUP BY step
    )
SELECT
    ['ordered', 'paid', 'activated', 'provisioned', 'first_usage', 'first_charge'][step] AS reached,
    ['ordered', 'paid', 'activated', 'provisioned', 'first_usage', 'first_charge'][any(next)] AS awaited,
    count() AS orders, any(finished_orders) AS finished, ifNotFinite(any(p95), 0) AS usual_seconds, any(patience) AS patience_seconds,
    now_at - toIntervalSecond(toInt64(patience)) AS ran_out,
    countIf(from_at <= ran_out AND from_at > ran_out - INTERVAL 2 DAY) AS due, countIf(from_at <= ran_out AND from_at > ran_out - INTERVAL 2 DAY AND NOT passed) AS stuck,
    countIf(from_at <= ran_out - INTERVAL 2 DAY) AS due_before, countIf(from_at <= ran_out - INTERVAL 2 DAY AND NOT passed) AS stuck_before,
    countIf(from_at <= ran_out AND NOT passed) AS waiting,
    sumIf(ifNull(price, 0), from_at <= ran_out AND NOT passed) AS per_month,
    sumIf(ifNull(price, 0) * dateDiff('second', from_at, now_at) / 2592000, from_at <= ran_out AND NOT passed) AS worth,
    minIf(from_at, from_at <= ran_out AND from_at > ran_out - INTERVAL 2 DAY AND NOT passed) AS began_at,
    sumMapIf([toString(segment)], [toUInt64(1)], from_at <= ran_out AND NOT passed) AS by_segment, by_segment.1 AS segments, by_segment.2 AS segment_counts,
    topKIf(3)(concat(failed_step, ': ', error), from_at <= ran_out AND NOT passed AND failed_step != '') AS errors,
    countIf(from_at <= ran_out AND NOT passed AND failed_step != '') AS failed
FROM hops
INNER JOIN usual USING (step)
LEFT JOIN prices ON prices.priced_plan = hops.plan
GROUP BY step, patience
ORDER BY step
