-- Restarts by node, model and firmware in a stretch of time: devices whose uptime fell by more than clocks explain, or that were down for at most ten
-- minutes by their status, once each unless they come and go, and all devices that stated an uptime. Who is still away counts too, for ten minutes, unless four
-- of its PON went within a minute of each other: that is a cut until they are back. The PON of a device is its parent in the topology; without one, its name up
-- to the last slash.
WITH
    uptimes AS
    (
        SELECT
            device, any(toString(node)) AS of_node, any(toString(model)) AS of_model, any(toString(firmware)) AS of_firmware,
            minIf(at, fell AND at >= {instant:DateTime64(3, 'UTC')} - INTERVAL 30 MINUTE) AS fell_at,
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
    ),
    backs AS
    (
        SELECT
            device,
            arraySort(groupArrayIf(200)(event_time, value > 0)) AS ups,
            arraySort(groupArrayIf(200)(event_time, value <= 0)) AS downs,
            -- When it went down between one up and the next.
            arrayMap((up, before) -> (arrayFirst(down -> down > before, downs), up), arrayPopFront(ups), arrayPopBack(ups)) AS gaps,
            arrayFilter(gap -> tupleElement(gap, 1) >= {instant:DateTime64(3, 'UTC')} - INTERVAL 30 MINUTE AND tupleElement(gap, 1) < tupleElement(gap, 2), gaps) AS lately,
            -- What comes and goes is no restart.
            if(length(lately) BETWEEN 1 AND 2 AND dateDiff('second', tupleElement(lately[1], 1), tupleElement(lately[1], 2)) <= 600,
                tupleElement(lately[1], 1), toDateTime64(0, 3, 'UTC')) AS down_at,
            if(length(ups) > 0 AND empty(lately), arrayFirst(down -> down > ups[-1], downs), toDateTime64(0, 3, 'UTC')) AS gone_at
        FROM recent_readings
        WHERE tenant = {tenant:String} AND metric IN {status_metrics:Array(String)}
            AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC') AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')}
        GROUP BY device
        HAVING length(downs) > 0
    ),
    parents AS
    (
        SELECT child, argMax(parent, valid_from) AS parent
        FROM
        (
            SELECT parent, child, valid_from, valid_to
            FROM topology_edges
            WHERE tenant = {tenant:String} AND child_type = 'ont' AND parent_type = 'pon' AND valid_from <= {instant:DateTime64(3, 'UTC')}
            ORDER BY ingest_time DESC, position DESC
            LIMIT 1 BY parent, child, valid_from
        )
        WHERE valid_to > {instant:DateTime64(3, 'UTC')} OR toUnixTimestamp64Milli(valid_to) = 0
        GROUP BY child
    ),
    lost AS
    (
        SELECT of_device, down_at, gone_at, recent,
            count() OVER (PARTITION BY recent, if(pon = '', of_device, pon) ORDER BY toUnixTimestamp(gone_at) RANGE BETWEEN 60 PRECEDING AND 60 FOLLOWING) AS together
        FROM
        (
            SELECT backs.device AS of_device, backs.down_at AS down_at, backs.gone_at AS gone_at,
                gone_at >= {instant:DateTime64(3, 'UTC')} - INTERVAL 10 MINUTE AS recent,
                if(parents.parent != '', parents.parent, if(position(of_device, '/') > 0, arrayStringConcat(arrayPopBack(splitByChar('/', of_device)), '/'), '')) AS pon
            FROM backs
            LEFT JOIN parents ON parents.child = backs.device
        )
    )
SELECT
    of_node AS node, of_model AS model, of_firmware AS firmware,
    count() AS devices,
    countIf(rebooted) AS reboots,
    groupArrayIf(1000)(device, rebooted) AS names,
    toUnixTimestamp64Milli(if(reboots = 0, max(newest), quantileExactIf(0.1)(first_at, rebooted))) AS since,
    max(newest) AS complete_to
FROM
(
    SELECT
        device, of_node, of_model, of_firmware, newest,
        if(recent AND together <= 3, gone_at, lost.down_at) AS down_at,
        toUnixTimestamp64Milli(fell_at) > 0 OR toUnixTimestamp64Milli(down_at) > 0 AS rebooted,
        multiIf(toUnixTimestamp64Milli(down_at) = 0, fell_at, toUnixTimestamp64Milli(fell_at) = 0, down_at, least(fell_at, down_at)) AS first_at
    FROM uptimes
    LEFT JOIN lost ON lost.of_device = uptimes.device
)
GROUP BY node, model, firmware
ORDER BY node, model, firmware
LIMIT 50000
