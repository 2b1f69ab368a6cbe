-- Optical levels of devices: the median and the median absolute deviation of the past, the latest readings, and the limit values. Only the
-- devices are returned whose latest readings lie below their past or near the lower limit, and one row that counts all.
WITH
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
    device, of_metric AS metric, of_node AS node, of_site AS site, past, if(past = 0, 0, level) AS level, if(past = 0, 0, spread) AS spread,
    arrayMap(each -> tupleElement(each, 1), latest) AS times, arrayMap(each -> tupleElement(each, 2), latest) AS values
FROM devices
WHERE length(latest) > 0
ORDER BY device, metric
LIMIT 500000
