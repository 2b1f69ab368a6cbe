-- For life_cycle_failures: of each step, the orders that tried it the first time within the last 1, 6 and 24 hours (`tried`, `failed`), and in the week before them
-- (`tried_before`, `failed_before`). `open`: customers of the last 24 hours whose step has not succeeded since, with their segments and what the attempts said.
WITH {instant:DateTime64(3, 'UTC')} AS now_at
SELECT
    step, [countIf(age < 3600), countIf(age < 21600), countIf(age < 86400)] AS tried, [countIf(age < 3600 AND bad), countIf(age < 21600 AND bad), countIf(age < 86400 AND bad)] AS failed,
    countIf(age >= 86400) AS tried_before, countIf(age >= 86400 AND bad) AS failed_before,
    minIf(first_at, age < 86400 AND bad) AS began_at, uniqExactIf(subscription, age < 86400 AND bad AND NOT done) AS open,
    sumMapIf([toString(segment)], [toUInt64(1)], age < 86400 AND bad AND NOT done) AS by_segment, by_segment.1 AS segments, by_segment.2 AS segment_counts,
    sumMapIf([first_error], [toUInt64(1)], age < 86400 AND bad) AS by_error, by_error.1 AS errors, by_error.2 AS error_counts
FROM
(
    SELECT
        step, subscription, argMax(lifecycle_steps.segment, event_time) AS segment, argMinIf(outcome, event_time, outcome != 'pending') AS first_outcome, minIf(event_time, outcome != 'pending') AS first_at,
        argMinIf(substring(error, 1, 100), event_time, outcome = 'failed') AS first_error, countIf(outcome = 'ok') > 0 AS done, first_outcome = 'failed' AS bad, dateDiff('second', first_at, now_at) AS age
    FROM lifecycle_steps
    WHERE tenant = {tenant:String} AND subscription != 0 AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= now_at
    GROUP BY step, subscription, order_id
    HAVING first_outcome != ''
)
GROUP BY step
ORDER BY step
