-- Evidence of a detector over the life cycle: steps of the series by bucket in the last two days, with the commonest error.
SELECT
    toStartOfInterval(toDateTime(event_time), toIntervalSecond({window_seconds:UInt32})) AS at,
    count() AS steps,
    countIf(result = 'failed' OR error != '') AS failed,
    topKIf(1)(error, error != '')[1] AS commonest_error
FROM lifecycle
WHERE tenant = {tenant:String} AND {first:Identifier} = {first_value:String} AND {second:Identifier} = {second_value:String} AND {third:Identifier} = {third_value:String}
    AND event_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND event_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY at
ORDER BY at
