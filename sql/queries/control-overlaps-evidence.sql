-- Evidence of S10: answered outgoing calls of subscribers who have two at a time in an hour, in order, with what was busy before.
SELECT subscriber, begins, begins + toIntervalMillisecond(toInt64(billable_seconds * 1000)) AS call_ends, busy_until, begins + INTERVAL 2 SECOND < busy_until AS overlaps, billable_seconds, charge, node, file, charging_id, record_id
FROM
(
    SELECT
        subscriber, billable_seconds, charge, node, file, charging_id, record_id,
        if(toUnixTimestamp(answer_time) > 0, answer_time, start_time) AS begins,
        max(begins + toIntervalMillisecond(toInt64(least(billable_seconds, 86400) * 1000))) OVER (PARTITION BY subscriber ORDER BY begins, record_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND source = {source:String} AND service = 'voice' AND direction = 'mo' AND answered AND billable_seconds > 0 AND subscriber != 0 AND duplicate = 0
        AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC') - INTERVAL 2 HOUR)
        AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') - INTERVAL 2 HOUR AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
)
ORDER BY max(overlaps) OVER (PARTITION BY subscriber) DESC, subscriber, begins
LIMIT 1000
