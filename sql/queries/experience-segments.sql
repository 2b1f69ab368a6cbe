-- The index of each segment, and of all (empty segment), over days.
SELECT
    if(grouping(named) = 1, '', named) AS segment,
    toString(uniqExact(customer)) AS customers, countIf(state = 'scored') AS scored, countIf(state = 'too_few') AS too_few, countIf(floor_kpi != '') AS floored,
    avg(experience_daily.cei) AS cei, quantile(0.5)(experience_daily.cei) AS median, quantile(0.1)(experience_daily.cei) AS p10, countIf(experience_daily.cei < 40) AS below_40, avg(worst_hour_cei) AS worst_hour
FROM (SELECT *, if(experience_daily.segment = '', 'unknown', toString(experience_daily.segment)) AS named FROM experience_daily WHERE tenant = {tenant:String} AND day >= {first:Date} AND day <= {last:Date}) AS experience_daily
GROUP BY GROUPING SETS ((named), ())
ORDER BY grouping(named) DESC, scored DESC, segment
