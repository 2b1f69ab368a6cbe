-- Records per day of each leg, service and partner since the first full day after `since`, for what is judged once a day; the largest
-- 2,000 series. Arrays hold one entry per day with records: `days` counts from the first one, `middles` is the median of its 24 hours
-- (hours without records are 0). `settled` are the records older than two days, `fresh` those of them that came in the last day: many mean that history is
-- being loaded.
WITH
    toStartOfDay({since:DateTime64(3, 'UTC')} + INTERVAL 1 DAY, 'UTC') AS first
SELECT
    leg, service, partner,
    toDateTime64(first, 3, 'UTC') AS first_day,
    groupArray(day) AS days,
    groupArray(n) AS records,
    groupArray(middle) AS middles,
    sum(n) AS total,
    sum(money) AS charge,
    sum(settled_n) AS settled,
    sum(fresh_n) AS fresh
FROM
(
    SELECT
        leg, service, partner, day,
        sum(hour_n) AS n,
        arraySort(arrayResize(groupArray(hour_n), 24, 0)) AS hours,
        (hours[12] + hours[13]) / 2 AS middle,
        sum(hour_money) AS money,
        sum(hour_settled) AS settled_n,
        sum(hour_fresh) AS fresh_n
    FROM
    (
        SELECT
            leg, service, partner, hour,
            dateDiff('day', first, hour) AS day,
            sum(usage_hour.records) AS hour_n,
            sumIf(usage_hour.charge, currency = {currency:String}) AS hour_money,
            sumIf(usage_hour.records, hour < {instant:DateTime64(3, 'UTC')} - INTERVAL 2 DAY) AS hour_settled,
            sumIf(usage_hour.records, hour < {instant:DateTime64(3, 'UTC')} - INTERVAL 2 DAY AND usage_hour.ingest_time >= {instant:DateTime64(3, 'UTC')} - INTERVAL 1 DAY) AS hour_fresh
        FROM usage_hour
        WHERE tenant = {tenant:String} AND hour >= first AND hour < {instant:DateTime64(3, 'UTC')}
        GROUP BY leg, service, partner, hour
    )
    GROUP BY leg, service, partner, day
    ORDER BY leg, service, partner, day
)
GROUP BY leg, service, partner
ORDER BY total DESC, leg, service, partner
LIMIT 2000
