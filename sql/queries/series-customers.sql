-- Subscribers of a series by segment in a stretch of time: who uses it when all is well.
SELECT segment, uniqExact(subscriber) AS customers
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String}
    AND ({first:Identifier} = {first_value:String}) AND ({second:Identifier} = {second_value:String})
    AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
    AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
    AND subscriber != 0
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({since:String}, 3, 'UTC'))
    AND toStartOfHour(start_time) <= toStartOfHour(parseDateTime64BestEffort({to:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
GROUP BY segment
ORDER BY segment
