-- What each KPI does to the index over days, of one segment or of all: `lost` are points per scored customer and day.
SELECT
    each_kpi AS kpi, count() AS customers, countIf(each_score IS NOT NULL) AS counted, avg(each_score) AS score, avg(each_value) AS value, sum(each_samples) AS samples,
    sumIf(each_share * (100 - ifNull(each_score, 100)), state = 'scored') / greatest(1, (SELECT countIf(state = 'scored') FROM experience_daily WHERE tenant = {tenant:String} AND day >= {first:Date} AND day <= {last:Date} AND ({segment:String} = '' OR segment = replaceOne({segment:String}, 'unknown', '')))) AS lost
FROM experience_daily
ARRAY JOIN experience_daily.kpi AS each_kpi, experience_daily.value AS each_value, kpi_samples AS each_samples, experience_daily.score AS each_score, share AS each_share
WHERE tenant = {tenant:String} AND day >= {first:Date} AND day <= {last:Date} AND ({segment:String} = '' OR experience_daily.segment = replaceOne({segment:String}, 'unknown', ''))
GROUP BY each_kpi
ORDER BY lost DESC, each_kpi
