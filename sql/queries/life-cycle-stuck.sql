-- Orders that wait longer than their patience, the oldest first, after a cursor.
SELECT
    toString(lifecycle_waiting.subscription) AS customer, order_id, plan, segment, step, next, since, dateDiff('second', since, {instant:DateTime64(3, 'UTC')}) AS age_seconds,
    usual_seconds, patience_seconds, failed_step, failed_at, error, failures
FROM lifecycle_waiting
WHERE tenant = {tenant:String} AND NOT up_to_customer AND age_seconds > patience_seconds AND ({step:String} = '' OR step = {step:String})
    AND (since, lifecycle_waiting.subscription) > ({after_at:DateTime64(3, 'UTC')}, {after_customer:UInt64})
ORDER BY since, lifecycle_waiting.subscription
LIMIT {limit:UInt32}
