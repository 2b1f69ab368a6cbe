-- Evidence of N04: the orders that did one step and not the next, the oldest first, with the step that failed and its error.
SELECT subscription, order_id, plan, begun_at, last_step, last_at, failed_step, failed_at, error, failures, served_from, billed_from
FROM lifecycle_to_cash
WHERE tenant = {tenant:String} AND last_step = {step:String} AND last_at <= parseDateTime64BestEffort({before:String}, 3, 'UTC') AND state NOT IN ('ended', 'charged')
ORDER BY last_at
LIMIT 1000
