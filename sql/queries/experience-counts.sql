-- Customers that a run judged.
SELECT count() AS customers, countIf(state = 'scored') AS scored, countIf(floor_kpi != '') AS floored
FROM experience_scores
WHERE tenant = {tenant:String} AND day = toDate({from:DateTime64(3, 'UTC')}) AND run = {run:UInt64}
