-- Legs that have records of each service within a day; service `line`: online readings of devices; service `care`: complaints of 35 days up to its end.
SELECT service, leg, sum(records) AS records
FROM usage_hour
WHERE tenant = {tenant:String} AND usage_hour.leg IN {legs:Array(String)} AND usage_hour.service IN ('voice', 'sms', 'mms', 'data')
    AND hour >= {from:DateTime64(3, 'UTC')} AND hour < {to:DateTime64(3, 'UTC')}
GROUP BY service, leg
UNION ALL
SELECT 'line' AS service, '' AS leg, count() AS records
FROM measurements
WHERE tenant = {tenant:String} AND metric IN {online_metrics:Array(String)} AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND ingest_time >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
HAVING records > 0
UNION ALL
SELECT 'care' AS service, '' AS leg, count() AS records
FROM complaints
WHERE tenant = {tenant:String} AND subscription != 0 AND event_time >= {to:DateTime64(3, 'UTC')} - INTERVAL 35 DAY AND event_time < {to:DateTime64(3, 'UTC')}
HAVING records > 0
