-- Minutes of answered calls by zone: what was rated, against what the switch saw.
SELECT
    zone,
    sumIf(billable_seconds, leg = 'rating') / 60 AS observed,
    sumIf(billable_seconds, leg = 'switch') / 60 AS expected,
    (expected - observed) * sumIf(toFloat64(charge), leg = 'rating') / nullIf(observed, 0) AS money
FROM usage_hour
WHERE tenant = {tenant:String} AND leg IN ('switch', 'rating') AND service = 'voice' AND direction = 'mo'
    AND hour >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND hour < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
GROUP BY zone
