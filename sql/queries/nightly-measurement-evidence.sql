-- Evidence of measurement_drift: median, lowest and highest value of the device by day.
SELECT toDate(event_time) AS day, quantile(0.5)(value) AS middle, min(value) AS lowest, max(value) AS highest, count() AS measurements
FROM measurements
WHERE tenant = {tenant:String} AND metric = {metric:String} AND device = {device:String}
    AND event_time >= parseDateTimeBestEffort({since:String}, 'UTC') AND event_time < parseDateTimeBestEffort({to:String}, 'UTC')
GROUP BY day
ORDER BY day
