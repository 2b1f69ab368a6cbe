-- Evidence of seasonal_count: records of the series by quarter of an hour in the last two days, beside the same time a week before.
SELECT at, sumIf(n, week = 0) AS records, sumIf(n, week = 1) AS week_before
FROM
(
    SELECT
        minute < parseDateTimeBestEffort({since:String}, 'UTC') AS week,
        toStartOfFifteenMinutes(minute) + week * 604800 AS at,
        records AS n
    FROM usage_minute
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String} AND partner = {partner:String}
        AND ((minute >= parseDateTimeBestEffort({since:String}, 'UTC') AND minute < parseDateTimeBestEffort({to:String}, 'UTC'))
            OR (minute >= parseDateTimeBestEffort({since:String}, 'UTC') - 604800 AND minute < parseDateTimeBestEffort({to:String}, 'UTC') - 604800))
)
GROUP BY at
ORDER BY at
