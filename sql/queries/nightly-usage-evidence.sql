-- Evidence of usage_drift and usage_level_shift: records of the series by day, beside those of its leg and service.
SELECT
    toDate(hour) AS day,
    sumIf(records, partner = {partner:String}) AS records_of_series,
    sum(records) AS records_of_service,
    sumIf(charge, partner = {partner:String}) AS charge_of_series
FROM usage_hour
WHERE tenant = {tenant:String} AND leg = {leg:String} AND service = {service:String}
    AND hour >= parseDateTimeBestEffort({since:String}, 'UTC') AND hour < parseDateTimeBestEffort({to:String}, 'UTC')
GROUP BY day
ORDER BY day
