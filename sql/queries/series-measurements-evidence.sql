-- Evidence of a detector over devices: mean and number of readings of the series by bucket in the last two days.
SELECT
    toStartOfInterval(toDateTime(event_time), toIntervalSecond({window_seconds:UInt32})) AS at,
    avg(value) AS mean,
    count() AS readings,
    uniqExact(device) AS devices
FROM measurements
WHERE tenant = {tenant:String} AND {first:Identifier} = {first_value:String} AND {second:Identifier} = {second_value:String} AND {third:Identifier} = {third_value:String}
    AND event_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND event_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY at
ORDER BY at
