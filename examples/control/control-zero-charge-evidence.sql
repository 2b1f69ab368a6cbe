-- The calls rated at zero without a reason, for X01.
SELECT start_time, node, plan, zone, tariff, duration_seconds, record_id
FROM usage
WHERE tenant = {tenant:String} AND leg = 'rating' AND service = 'voice' AND answered AND charge = 0 AND zero_reason = ''
    AND source = {source:String} AND ingest_time >= {since:DateTime64(3, 'UTC')}
ORDER BY start_time
LIMIT 1000
