-- Steps that failed the first time within a stretch of time, the latest first, after a cursor: with the error and the customer, how often they were tried,
-- and whether a later attempt succeeded. `ended`: the order was cancelled or ceased since.
SELECT
    first_failed_at AS at, toString(failing.subscription) AS customer, failing.order_id AS order_id, step, stated, plan, segment, system, actor, first_error AS error, attempts, failures,
    last_error, last_at, succeeded_at, multiIf(toUnixTimestamp64Milli(succeeded_at) > 0, 'succeeded', ended_at > at, 'ended', 'open') AS state
FROM
(
    SELECT
        step, subscription, if(order_id = '', '', order_id) AS order_id,
        argMinIf(outcome, event_time, outcome != 'pending') AS first_outcome, minIf(event_time, outcome = 'failed') AS first_failed_at,
        argMinIf(error, event_time, outcome = 'failed') AS first_error, argMaxIf(error, event_time, outcome = 'failed') AS last_error,
        argMinIf(toString(stated_step), event_time, outcome = 'failed') AS stated, argMinIf(toString(system), event_time, outcome = 'failed') AS system, argMinIf(toString(actor), event_time, outcome = 'failed') AS actor,
        argMax(plan, event_time) AS plan, argMax(segment, event_time) AS segment,
        countIf(outcome != 'pending') AS attempts, countIf(outcome = 'failed') AS failures, max(event_time) AS last_at, minIf(event_time, outcome = 'ok') AS succeeded_at
    FROM lifecycle_steps
    WHERE tenant = {tenant:String} AND subscription != 0 AND event_time >= {since:DateTime64(3, 'UTC')}
    GROUP BY step, subscription, order_id
    HAVING first_outcome = 'failed' AND first_failed_at >= {from:DateTime64(3, 'UTC')} AND first_failed_at < {to:DateTime64(3, 'UTC')} AND ({step:String} = '' OR step = {step:String})
) AS failing
LEFT JOIN
(
    SELECT subscription AS who, max(event_time) AS ended_at
    FROM lifecycle_steps
    WHERE tenant = {tenant:String} AND step IN ('ceased', 'cancelled') AND outcome = 'ok' AND event_time >= {from:DateTime64(3, 'UTC')}
    GROUP BY who
) AS ended ON ended.who = failing.subscription
WHERE ({state:String} = '' OR state = {state:String}) AND (at, concat(order_id, '/', step, '/', customer)) < ({after_at:DateTime64(3, 'UTC')}, {after_id:String})
ORDER BY at DESC, concat(order_id, '/', step, '/', customer) DESC
LIMIT {limit:UInt32}
