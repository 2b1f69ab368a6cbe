-- Optical levels of devices: the median and the interquartile range of the past, and the latest readings. The PON of a device is its parent in the
-- topology; where the topology knows no ONTs, its name up to the last slash.
WITH
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
    devices AS
    (
        SELECT
            device,
            toString(metric) AS of_metric,
            any(toString(node)) AS of_node,
            any(toString(site)) AS of_site,
            countIf(event_time < {changed_to:DateTime64(3, 'UTC')} - INTERVAL 6 HOUR) AS past,
            quantileExactIf(0.5)(value, event_time < {changed_to:DateTime64(3, 'UTC')} - INTERVAL 6 HOUR) AS level,
            arraySlice(arraySort(each -> tupleElement(each, 1), groupArrayIf(2000)((toUnixTimestamp64Milli(event_time), value), event_time >= {changed_to:DateTime64(3, 'UTC')} - INTERVAL 6 HOUR)), -12) AS latest,
            quantileExactIf(0.75)(value, event_time < {changed_to:DateTime64(3, 'UTC')} - INTERVAL 6 HOUR) - quantileExactIf(0.25)(value, event_time < {changed_to:DateTime64(3, 'UTC')} - INTERVAL 6 HOUR) AS spread
        FROM recent_readings
        WHERE tenant = {tenant:String} AND metric IN {power_metrics:Array(String)} AND isFinite(value)
            AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC') AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')}
        GROUP BY device, metric
    )
SELECT
    device, of_metric AS metric, of_node AS node, of_site AS site,
    multiIf(parents.parent != '', parents.parent, count(parents.parent != '' OR NULL) OVER () = 0 AND position(device, '/') > 0, arrayStringConcat(arrayPopBack(splitByChar('/', device)), '/'), '') AS pon,
    past, if(past = 0, 0, level) AS level, if(past = 0, 0, spread) AS spread,
    arrayMap(each -> tupleElement(each, 1), latest) AS times, arrayMap(each -> tupleElement(each, 2), latest) AS values
FROM devices
LEFT JOIN parents ON parents.child = devices.device
WHERE length(latest) > 0
ORDER BY device, metric
LIMIT 500000
