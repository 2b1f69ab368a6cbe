-- Segments of customers as of an instant, as far as a system states one.
SELECT toString(subscription) AS customer, toString(argMax(subscriptions.segment, (valid_from, ingest_time))) AS segment
FROM subscriptions
WHERE tenant = {tenant:String} AND subscriptions.segment != '' AND has(arrayMap(each -> toUInt64OrZero(each), {customers:Array(String)}), subscription) AND valid_from <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
GROUP BY subscription
