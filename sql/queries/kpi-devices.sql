-- Changes of devices between two instants (s since 1970), in steps from the first one on, cut by up to two dimensions (`tenant` where there are fewer):
-- how often they went on and off line (`online`, over and under a half), and how often they restarted (`uptime_seconds` fell). The two
-- hours before say how a device stood at the beginning: of them only the latest minute of each device is read whole.
SELECT
    bucket, a, b,
    toFloat64(countIf(m = 'online')) AS watched_devices,
    toFloat64(countIf(m = 'online' AND changes >= 4)) AS flapping_devices,
    toFloat64(countIf(m = 'uptime')) AS uptime_devices,
    countIf(m = 'uptime') * {step:UInt32} / 86400 AS device_days,
    toFloat64(sumIf(resets, m = 'uptime')) AS reboots
FROM
(
    SELECT
        {from:UInt32} + intDiv(toUInt32(minute) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
        a, b, m, device,
        sum(if(lowest < 0.5 AND highest >= 0.5, 1, 0) + if(isNotNull(before_level) AND (before_level >= 0.5) != (level >= 0.5), 1, 0)) AS changes,
        sum(if(isNotNull(before_high) AND lowest < before_high, 1, 0)) AS resets
    FROM
    (
        SELECT
            minute, device, m, lowest, highest, level,
            toString({first:Identifier}) AS a,
            toString({second:Identifier}) AS b,
            lagInFrame(toNullable(level)) OVER same_device AS before_level,
            lagInFrame(toNullable(highest)) OVER same_device AS before_high
        FROM
        (
            SELECT
                tenant, minute, device, if(metric = 'online', 'online', 'uptime') AS m,
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
            GROUP BY tenant, minute, device, m
        )
        WHERE (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
            AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        WINDOW same_device AS (PARTITION BY m, device ORDER BY minute ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
    WHERE minute >= toDateTime({from:UInt32}, 'UTC')
        AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (a, b)))
    GROUP BY bucket, a, b, m, device
)
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
