-- Attempts and failures in a place by minute of release, with the causes; an empty label is any.
SELECT
    toStartOfMinute(greatest(end_time, start_time)) AS minute,
    count() AS attempts,
    countIf(NOT answered AND (service != 'voice' OR cause_class IN ('network', 'congestion', 'interworking'))) AS failures,
    topKIf(3)(cause, NOT answered) AS causes
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service IN ('voice', 'sms') AND ({service:String} = '' OR service = {service:String})
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({began:String}, 3, 'UTC') - INTERVAL 1 HOUR)
    AND greatest(end_time, start_time) >= parseDateTime64BestEffort({began:String}, 3, 'UTC') - INTERVAL 30 MINUTE AND start_time <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND ({node:String} = '' OR node = {node:String}) AND ({partner:String} = '' OR partner = {partner:String})
    AND ({route:String} = '' OR route = {route:String} OR trunk_in = {route:String}) AND ({site:String} = '' OR site = {site:String})
GROUP BY minute
ORDER BY minute
LIMIT 1000
