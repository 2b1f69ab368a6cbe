-- Answered calls of a day by source, and those rated at zero without a reason, for X01.
SELECT
    source,
    count() AS calls,
    countIf(charge = 0 AND zero_reason = '') AS free,
    minIf(start_time, charge = 0 AND zero_reason = '') AS first_at,
    groupArrayIf(5)(toString(record_id), charge = 0 AND zero_reason = '') AS records
FROM usage
WHERE tenant = {tenant:String} AND leg = 'rating' AND service = 'voice' AND answered
    AND source IN {sources:Array(String)} AND ingest_time >= {since:DateTime64(3, 'UTC')}
GROUP BY source
