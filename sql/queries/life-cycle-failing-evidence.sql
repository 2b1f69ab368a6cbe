-- Evidence of life_cycle_failures: the orders whose first attempt of a step failed, the latest first, with the error, the customer and whether a later attempt succeeded.
SELECT
    minIf(event_time, outcome = 'failed') AS failed_at, toString(lifecycle_steps.subscription) AS customer, order_id, argMinIf(error, event_time, outcome = 'failed') AS first_error,
    countIf(outcome = 'failed') AS failures, countIf(outcome = 'ok') > 0 AS succeeded, argMinIf(record_id, event_time, outcome = 'failed') AS record_id
FROM lifecycle_steps
WHERE tenant = {tenant:String} AND step = {step:String} AND event_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND event_time <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY lifecycle_steps.subscription, order_id
HAVING argMinIf(outcome, event_time, outcome != 'pending') = 'failed' AND failed_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
ORDER BY failed_at DESC
LIMIT 1000
