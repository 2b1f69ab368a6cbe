-- The days of one customer, the latest first, each with the settings that held.
SELECT
    toString(experience_daily.day) AS day, segment, plan, experience_daily.state AS state, cei, mean, worst_hour, worst_hour_cei, floor_kpi, weakest_kpi, toString(samples) AS samples,
    kpi, value, kpi_samples, score, share, runs.settings AS settings
FROM experience_daily
INNER JOIN (SELECT experience_runs.run AS run, any(experience_runs.settings) AS settings FROM experience_runs WHERE tenant = {tenant:String} AND experience_runs.day >= {first:Date} AND experience_runs.day <= {last:Date} GROUP BY run) AS runs ON runs.run = experience_daily.run
WHERE tenant = {tenant:String} AND experience_daily.day >= {first:Date} AND experience_daily.day <= {last:Date} AND customer = {customer:UInt64}
ORDER BY day DESC
LIMIT {limit:UInt32}
