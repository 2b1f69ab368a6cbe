-- What devices said of some metrics in a stretch of time, in order.
SELECT event_time, device, metric, value, unit, attributes['reason'] AS reason, node, model, firmware
FROM measurements
WHERE tenant = {tenant:String} AND has({metrics:Array(String)}, toString(metric)) AND has({devices:Array(String)}, device)
    AND event_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC') AND event_time <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
ORDER BY event_time, device, metric
LIMIT 1000
