-- Changes between up and down of the devices that changed at least three times since an instant, in order.
SELECT device, any(of_node) AS node, any(of_site) AS site, groupArray(2000)(toUnixTimestamp64Milli(at)) AS times, max(newest) AS complete_to
FROM
(
    SELECT device, toString(node) AS of_node, toString(site) AS of_site, event_time AS at, value > 0 AS up,
        lagInFrame(toInt8(value > 0), 1, -1) OVER (PARTITION BY device ORDER BY event_time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before,
        max(event_time) OVER (PARTITION BY node) AS newest
    FROM recent_readings
    WHERE tenant = {tenant:String} AND metric IN {status_metrics:Array(String)}
        AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC') AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')}
        AND device IN (SELECT device FROM recent_readings WHERE tenant = {tenant:String} AND metric IN {status_metrics:Array(String)} AND value <= 0 AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC'))
    ORDER BY device, at
)
WHERE before != -1 AND before != toInt8(up)
GROUP BY device
HAVING count() >= 3
ORDER BY device
LIMIT 20000
