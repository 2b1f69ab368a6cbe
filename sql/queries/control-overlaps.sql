-- Answered outgoing calls of a leg that begin while an earlier one of the same subscriber still lasts, for S10, by source: in a closed hour (block 0),
-- the same hour a day before (1) and a week before (2). Calls are read two hours further back, so that long ones are seen. A call begins with its
-- answer where that is stated, and has to lie two seconds inside the other. Repeats of the same record are not counted: they are told as such.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    calls AS
    (
        SELECT
            source, subscriber, record_id, charge, start_time,
            multiIf(start_time >= starts - INTERVAL 2 HOUR, 0, start_time >= starts - INTERVAL 26 HOUR, 1, 2) AS block,
            if(toUnixTimestamp(answer_time) > 0, answer_time, start_time) AS begins,
            max(begins + toIntervalMillisecond(toInt64(least(billable_seconds, 86400) * 1000))) OVER (PARTITION BY source, subscriber, block ORDER BY begins, record_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = 'voice' AND direction = 'mo' AND answered AND billable_seconds > 0 AND subscriber != 0 AND duplicate = 0
            AND ((toStartOfHour(start_time) >= toStartOfHour(starts - INTERVAL 2 HOUR) AND start_time >= starts - INTERVAL 2 HOUR AND start_time < ends)
                OR (toStartOfHour(start_time) >= toStartOfHour(starts - INTERVAL 26 HOUR) AND start_time >= starts - INTERVAL 26 HOUR AND start_time < ends - INTERVAL 24 HOUR)
                OR (toStartOfHour(start_time) >= toStartOfHour(starts - INTERVAL 170 HOUR) AND start_time >= starts - INTERVAL 170 HOUR AND start_time < ends - INTERVAL 168 HOUR))
    ),
    marked AS
    (
        SELECT *, begins + INTERVAL 2 SECOND < busy_until AS overlaps
        FROM calls
        WHERE start_time >= starts - multiIf(block = 0, INTERVAL 0 HOUR, block = 1, INTERVAL 24 HOUR, INTERVAL 168 HOUR)
    )
SELECT
    source,
    countIf(block = 0) AS calls, countIf(block = 0 AND overlaps) AS overlapping,
    countIf(block = 1) AS calls_day, countIf(block = 1 AND overlaps) AS overlapping_day,
    countIf(block = 2) AS calls_week, countIf(block = 2 AND overlaps) AS overlapping_week,
    sumIf(charge, block = 0 AND overlaps) AS charge, uniqExactIf(subscriber, block = 0 AND overlaps) AS customers,
    minIf(start_time, block = 0 AND overlaps) AS first_at, groupArrayIf(5)(toString(record_id), block = 0 AND overlaps) AS samples
FROM marked
GROUP BY source
HAVING calls > 0
ORDER BY source
