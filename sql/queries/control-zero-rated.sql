-- Answered usage of a leg by service, zone and plan in the six hours up to a window's end (block 0), the day before them (5, and 1 for the first six
-- hours of that day, so that 0 and 5 are the day up to the end) and the same six hours of one to three weeks before (2 to 4), with what was charged nothing without an allowance, what was not rated, and what lasted no time; for S13.
-- `*_units`: their seconds, octets or number, and those of what is charged. Arrays have one entry per block. Cells in which nothing of that ever shows are one row with an empty zone and plan for each service.
WITH
    {to:DateTime64(3, 'UTC')} AS ends,
    blocks AS
    (
        SELECT
            service, zone, plan, block,
            count() AS n,
            countIf(charge = 0 AND zero_reason NOT IN ('allowance', 'unanswered')) AS zero_rated,
            countIf(status NOT IN ('', 'rated', 'rerated', 'billed')) AS unrated,
            countIf(service = 'voice' AND billable_seconds = 0 AND duration_seconds < 86400) AS zero_duration,
            sumIf(units, charge = 0 AND zero_reason NOT IN ('allowance', 'unanswered')) AS zero_rated_units,
            sumIf(units, status NOT IN ('', 'rated', 'rerated', 'billed')) AS unrated_units,
            sumIf(units, charge > 0) AS charged_units,
            countIf(charge > 0) AS charged,
            sumIf(charge, currency = {currency:String}) AS total,
            minIf(start_time, charge = 0 AND zero_reason NOT IN ('allowance', 'unanswered')) AS zero_rated_from,
            minIf(start_time, status NOT IN ('', 'rated', 'rerated', 'billed')) AS unrated_from,
            minIf(start_time, service = 'voice' AND billable_seconds = 0) AS zero_duration_from,
            uniqIf(subscriber, subscriber != 0 AND charge = 0 AND zero_reason NOT IN ('allowance', 'unanswered')) AS zero_rated_customers,
            uniqIf(subscriber, subscriber != 0 AND status NOT IN ('', 'rated', 'rerated', 'billed')) AS unrated_customers,
            uniqIf(subscriber, subscriber != 0 AND service = 'voice' AND billable_seconds = 0) AS zero_duration_customers
        FROM
        (
            SELECT
                *,
                multiIf(service = 'voice', billable_seconds, service = 'data', toFloat64(octets_up + octets_down), 1) AS units,
                multiIf(
                    start_time >= ends - INTERVAL 6 HOUR, 0,
                    start_time >= ends - INTERVAL 24 HOUR, 5,
                    start_time >= ends - INTERVAL 30 HOUR, 1,
                    start_time >= ends - INTERVAL 7 DAY - INTERVAL 6 HOUR, 2,
                    start_time >= ends - INTERVAL 14 DAY - INTERVAL 6 HOUR, 3,
                    4
                ) AS block
            FROM usage
            WHERE tenant = {tenant:String} AND leg = {leg:String} AND direction NOT IN ('mt', 'transit') AND (answered OR service = 'data')
                AND (
                    (toStartOfHour(start_time) >= toStartOfHour(ends - INTERVAL 30 HOUR) AND start_time >= ends - INTERVAL 30 HOUR AND start_time < ends)
                    OR (toStartOfHour(start_time) >= toStartOfHour(ends - INTERVAL 174 HOUR) AND start_time >= ends - INTERVAL 174 HOUR AND start_time < ends - INTERVAL 168 HOUR)
                    OR (toStartOfHour(start_time) >= toStartOfHour(ends - INTERVAL 342 HOUR) AND start_time >= ends - INTERVAL 342 HOUR AND start_time < ends - INTERVAL 336 HOUR)
                    OR (toStartOfHour(start_time) >= toStartOfHour(ends - INTERVAL 510 HOUR) AND start_time >= ends - INTERVAL 510 HOUR AND start_time < ends - INTERVAL 504 HOUR)
                )
        )
        GROUP BY service, zone, plan, block
    )
SELECT
    service, cell_zone AS zone, cell_plan AS plan,
    groupArray(block) AS blocks, groupArray(n) AS n,
    groupArray(zero_rated) AS zero_rated, groupArray(unrated) AS unrated, groupArray(zero_duration) AS zero_duration,
    groupArray(zero_rated_units) AS zero_rated_units, groupArray(unrated_units) AS unrated_units, groupArray(charged_units) AS charged_units,
    groupArray(charged) AS charged, groupArray(toFloat64(total)) AS charge,
    minIf(zero_rated_from, block = 0) AS zero_rated_from, minIf(unrated_from, block = 0) AS unrated_from, minIf(zero_duration_from, block = 0) AS zero_duration_from,
    sumIf(zero_rated_customers, block = 0) AS zero_rated_customers, sumIf(unrated_customers, block = 0) AS unrated_customers,
    sumIf(zero_duration_customers, block = 0) AS zero_duration_customers,
    minIf(first_unrated, block IN (0, 5) AND first_unrated > toDateTime64(0, 3, 'UTC')) AS unrated_day_from, sumIf(unrated_who, block IN (0, 5)) AS unrated_day_customers
FROM
(
    SELECT
        service, block, if(busy, toString(zone), '') AS cell_zone, if(busy, toString(plan), '') AS cell_plan,
        sum(marked.n) AS n, sum(marked.zero_rated) AS zero_rated, sum(marked.unrated) AS unrated, sum(marked.zero_duration) AS zero_duration,
        sum(marked.zero_rated_units) AS zero_rated_units, sum(marked.unrated_units) AS unrated_units, sum(marked.charged_units) AS charged_units,
        sum(marked.charged) AS charged, sum(marked.total) AS total,
        minIf(marked.zero_rated_from, marked.zero_rated > 0) AS zero_rated_from, minIf(marked.unrated_from, marked.unrated > 0) AS unrated_from,
        minIf(marked.zero_duration_from, marked.zero_duration > 0) AS zero_duration_from,
        minIf(marked.unrated_from, marked.unrated > 0) AS first_unrated, sum(marked.unrated_customers) AS unrated_who,
        sum(marked.zero_rated_customers) AS zero_rated_customers, sum(marked.unrated_customers) AS unrated_customers,
        sum(marked.zero_duration_customers) AS zero_duration_customers
    FROM (SELECT *, sum(zero_rated + unrated + zero_duration) OVER (PARTITION BY service, zone, plan) > 0 AS busy FROM blocks) AS marked
    GROUP BY service, block, cell_zone, cell_plan
)
GROUP BY service, cell_zone, cell_plan
ORDER BY service, zone, plan
