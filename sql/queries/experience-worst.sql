-- Customers of one day with the lowest index, the lowest first, after a cursor.
SELECT toString(experience_daily.customer) AS customer, segment, plan, assumeNotNull(toFloat64(experience_daily.cei)) AS cei, worst_hour, worst_hour_cei, floor_kpi, weakest_kpi, toString(samples) AS samples
FROM experience_daily
WHERE tenant = {tenant:String} AND day = {day:Date} AND state = 'scored' AND ({segment:String} = '' OR segment = replaceOne({segment:String}, 'unknown', ''))
    AND (cei, experience_daily.customer) > ({after_cei:Float64}, {after_customer:UInt64})
ORDER BY cei, experience_daily.customer
LIMIT {limit:UInt32}
