-- Steps of a stretch of time, each order's first attempt in it: how many succeeded at once, later, or not at all so far. Step '' is the whole order:
-- right the first time when none of its steps failed.
WITH attempts AS
(
    SELECT
        step, subscription, if(order_id = '', toString(subscription), order_id) AS job,
        argMinIf(outcome, event_time, outcome != 'pending') AS first_outcome, minIf(event_time, outcome != 'pending') AS first_at,
        countIf(outcome = 'failed') AS failures, countIf(outcome = 'ok') > 0 AS done, argMaxIf(error, event_time, outcome = 'failed') AS last_error,
        maxIf(duration_seconds, outcome = 'ok') AS seconds
    FROM lifecycle_steps
    WHERE tenant = {tenant:String} AND subscription != 0 AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    GROUP BY step, subscription, job
    HAVING first_outcome != '' AND first_at >= {from:DateTime64(3, 'UTC')}
)
SELECT
    step, count() AS orders, countIf(first_outcome = 'ok') AS right_first, countIf(first_outcome = 'failed' AND done) AS right_later, countIf(NOT done) AS failed,
    sum(attempts.failures) AS failures, ifNotFinite(quantileExactIf(0.5)(seconds, seconds > 0), 0) AS median_seconds, ifNotFinite(quantileExactIf(0.95)(seconds, seconds > 0), 0) AS p95_seconds,
    topKIf(3)(last_error, last_error != '') AS errors
FROM attempts
GROUP BY step
UNION ALL
SELECT
    '' AS step, count() AS orders, countIf(job_failures = 0) AS right_first, countIf(job_failures > 0 AND open = 0) AS right_later, countIf(open > 0) AS failed,
    sum(job_failures) AS failures, 0 AS median_seconds, 0 AS p95_seconds, topKArray(3)(job_errors) AS errors
FROM
(
    SELECT subscription, job, sum(attempts.failures) AS job_failures, countIf(NOT done) AS open, groupArrayIf(last_error, last_error != '') AS job_errors
    FROM attempts
    GROUP BY subscription, job
)
HAVING orders > 0
