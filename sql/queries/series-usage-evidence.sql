-- Evidence of a detector over usage: the series by bucket in the last two days, beside the same time a week before.
SELECT at, sumIf(up, week = 0) AS numerator, sumIf(down, week = 0) AS denominator, sumIf(up, week = 1) AS numerator_week_before, sumIf(down, week = 1) AS denominator_week_before
FROM
(
    SELECT
        minute < parseDateTimeBestEffort({since:String}, 'UTC') AS week,
        toStartOfInterval(minute, toIntervalSecond({window_seconds:UInt32})) + week * 604800 AS at,
        toFloat64({numerator:Identifier}) AS up,
        toFloat64({denominator:Identifier}) AS down
    FROM usage_minute
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND {first:Identifier} = {first_value:String} AND {second:Identifier} = {second_value:String}
        AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
        AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        AND ((minute >= parseDateTimeBestEffort({since:String}, 'UTC') AND minute < parseDateTimeBestEffort({to:String}, 'UTC'))
            OR (minute >= parseDateTimeBestEffort({since:String}, 'UTC') - 604800 AND minute < parseDateTimeBestEffort({to:String}, 'UTC') - 604800))
)
GROUP BY at
ORDER BY at
