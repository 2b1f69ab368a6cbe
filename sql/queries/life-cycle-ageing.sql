-- Orders on their way by the step they wait after, by age; stuck: longer than their patience. What is up to the customer is never stuck.
SELECT
    step, next, count() AS waiting, countIf(age > orders.patience_seconds AND NOT up_to_customer) AS stuck, countIf(failed_step != '') AS failed,
    any(orders.median_seconds) AS median_seconds, any(orders.usual_seconds) AS usual_seconds, any(orders.patience_seconds) AS patience_seconds, any(orders.finished) AS finished, max(age) AS oldest_seconds,
    [countIf(age < 3600), countIf(age >= 3600 AND age < 14400), countIf(age >= 14400 AND age < 86400), countIf(age >= 86400 AND age < 259200), countIf(age >= 259200 AND age < 604800), countIf(age >= 604800)] AS buckets
FROM (SELECT *, greatest(0, dateDiff('second', since, {instant:DateTime64(3, 'UTC')})) AS age FROM lifecycle_waiting WHERE tenant = {tenant:String}) AS orders
GROUP BY step, next
ORDER BY indexOf(['ordered', 'paid', 'activated', 'provisioned', 'first_usage', 'first_charge'], step), next
