-- Reboots by node, model and firmware in a stretch of time: devices whose uptime fell by more than clocks explain, once each, and all
-- devices that stated an uptime.
SELECT
    of_node AS node, of_model AS model, of_firmware AS firmware,
    count() AS devices,
    countIf(rebooted > 0) AS reboots,
    groupArrayIf(1000)(device, rebooted > 0) AS names,
    toUnixTimestamp64Milli(if(reboots = 0, max(newest), quantileExactIf(0.1)(first_at, rebooted > 0))) AS since,
    max(newest) AS complete_to
FROM
(
    SELECT
        device, any(toString(node)) AS of_node, any(toString(model)) AS of_model, any(toString(firmware)) AS of_firmware,
        countIf(fell AND at >= {instant:DateTime64(3, 'UTC')} - INTERVAL 30 MINUTE) AS rebooted,
        minIf(at, fell AND at >= {instant:DateTime64(3, 'UTC')} - INTERVAL 30 MINUTE) AS first_at,
        max(at) AS newest
    FROM
    (
        SELECT device, node, model, firmware, event_time AS at, value,
            lagInFrame(value, 1, -1.) OVER (PARTITION BY device ORDER BY event_time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before,
            before >= 0 AND value < before - 5 AS fell
        FROM recent_readings
        WHERE tenant = {tenant:String} AND metric IN {uptime_metrics:Array(String)}
            AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC') AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')}
    )
    GROUP BY device
)
GROUP BY node, model, firmware
ORDER BY node, model, firmware
LIMIT 50000
