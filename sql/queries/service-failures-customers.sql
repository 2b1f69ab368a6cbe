-- Customers whose calls or messages failed in a place since an instant, by segment; an empty label is any, an empty service both.
SELECT toString(usage.segment) AS segment, uniqExact(subscriber) AS customers
FROM usage
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service IN ('voice', 'sms') AND ({service:String} = '' OR service = {service:String}) AND subscriber != 0
    AND NOT answered AND (service != 'voice' OR cause_class IN ('network', 'congestion', 'interworking'))
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({began:String}, 3, 'UTC') - INTERVAL 10 MINUTE)
    AND greatest(end_time, start_time) >= parseDateTime64BestEffort({began:String}, 3, 'UTC') AND start_time <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
    AND ({node:String} = '' OR node = {node:String}) AND ({partner:String} = '' OR partner = {partner:String})
    AND ({route:String} = '' OR route = {route:String} OR trunk_in = {route:String}) AND ({site:String} = '' OR site = {site:String})
GROUP BY segment
ORDER BY segment
