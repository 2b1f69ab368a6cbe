-- Daily medians of gauges of each device since the first full day after `since`, for what is judged once a day: the 2,000 devices that
-- changed most against their own noise, from the first half of their days to the second. `common` is the median of that change over all `peers` of the metric.
-- No night reads more than about 20 million values: with more, the devices take turns, by a hash, over `turns` nights. How many there are
-- is known from `changed_buckets` without counting them.
WITH
    toStartOfDay({since:DateTime64(3, 'UTC')} + INTERVAL 1 DAY, 'UTC') AS first,
    toStartOfDay({instant:DateTime64(3, 'UTC')}, 'UTC') AS last,
    toUInt64(greatest(1, ceil((
        SELECT sum(records) FROM changed_buckets
        WHERE tenant = {tenant:String} AND `table` = 'measurements' AND bucket >= first AND bucket < last
    ) / 20000000))) AS turns
SELECT metric, device, node, unit, first_day, days, medians, change, spread, common, peers
FROM
(
    SELECT
        metric, device, any(day_node) AS node, any(day_unit) AS unit,
        toDateTime64(first, 3, 'UTC') AS first_day,
        groupArray(day) AS days,
        groupArray(middle) AS medians,
        intDiv(length(medians), 2) AS half,
        if(half = 0, 0., arrayReduce('medianExact', arraySlice(medians, half + 1)) - arrayReduce('medianExact', arraySlice(medians, 1, half))) AS change,
        if(length(medians) < 3, 0., arrayReduce('medianExact', arrayMap(step -> abs(step), arrayPopFront(arrayDifference(medians))))) AS spread,
        median(change) OVER (PARTITION BY metric) AS common,
        count() OVER (PARTITION BY metric) AS peers
    FROM
    (
        SELECT
            metric, device,
            dateDiff('day', first, event_time) AS day,
            quantile(0.5)(value) AS middle,
            any(measurements.node) AS day_node,
            any(measurements.unit) AS day_unit
        FROM measurements
        PREWHERE tenant = {tenant:String} AND cityHash64(device) % turns = intDiv(toUnixTimestamp(last), 86400) % turns
        WHERE instrument = 'gauge' AND isFinite(value) AND event_time >= first AND event_time < last
        GROUP BY metric, device, day
        ORDER BY metric, device, day
    )
    GROUP BY metric, device
)
ORDER BY abs(change - common) / (spread + 1e-9 * abs(medians[1]) + 1e-12) DESC, metric, device
LIMIT 2000
