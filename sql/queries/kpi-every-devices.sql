-- Changes of devices between two instants (s since 1970): as a whole (dimension empty) and by every single dimension. The figures of `kpi-devices` for one step
-- of {step} seconds, which defines them. Of the two hours before only the latest minute of each device counts. `label` is the value of the dimension.
SELECT
    dimension,
    label,
    toFloat64(countIf(m)) AS watched_devices,
    toFloat64(countIf(m AND changes >= 4)) AS flapping_devices,
    toFloat64(countIf(NOT m)) AS uptime_devices,
    countIf(NOT m) * {step:UInt32} / 86400 AS device_days,
    toFloat64(sumIf(resets, NOT m)) AS reboots
FROM
(
    SELECT
        multiIf(
            grouping(node) = 0, 'node', grouping(site) = 0, 'site', grouping(model) = 0, 'model', grouping(firmware) = 0, 'firmware',
            grouping(device) = 0, 'device', '') AS dimension,
        concat(node, site, model, firmware, device) AS label,
        m, of_device,
        sum(if(lowest < 0.5 AND highest >= 0.5, 1, 0) + if(isNotNull(before_level) AND (before_level >= 0.5) != (level >= 0.5), 1, 0)) AS changes,
        sum(if(isNotNull(before_high) AND lowest < before_high, 1, 0)) AS resets
    FROM
    (
        SELECT
            *, device AS of_device,
            lagInFrame(toNullable(level)) OVER same_device AS before_level,
            lagInFrame(toNullable(highest)) OVER same_device AS before_high
        FROM
        (
            SELECT
                minute, device, metric = 'online' AS m,
                any(measured.node) AS node, any(measured.site) AS site, any(measured.model) AS model, any(measured.firmware) AS firmware,
                min(measured.low) AS lowest, max(measured.high) AS highest, sum(measured.value) / sum(measured.readings) AS level
            FROM measurement_minute AS measured
            WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
                AND minute >= toDateTime(greatest({from:UInt32}, 7200) - 7200, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
                AND (minute >= toDateTime({from:UInt32}, 'UTC') OR (device, metric = 'online', minute) GLOBAL IN
                (
                    SELECT device, metric = 'online' AS is_online, max(minute)
                    FROM measurement_minute
                    WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
                        AND minute >= toDateTime(greatest({from:UInt32}, 7200) - 7200, 'UTC') AND minute < toDateTime({from:UInt32}, 'UTC')
                    GROUP BY device, is_online
                ))
            GROUP BY minute, device, m
        )
        WINDOW same_device AS (PARTITION BY m, device ORDER BY minute ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
    WHERE minute >= toDateTime({from:UInt32}, 'UTC')
    GROUP BY GROUPING SETS ((m, of_device), (m, of_device, node), (m, of_device, site), (m, of_device, model), (m, of_device, firmware), (m, device))
)
GROUP BY dimension, label
LIMIT {most:UInt32}
