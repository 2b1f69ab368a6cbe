-- Evidence of S12: rejected records of a source for one reason, without their bytes.
SELECT file, position, field, detail, kind, ingest_time, record_id
FROM rejections
WHERE tenant = {tenant:String} AND source = {source:String} AND reason = {reason:String}
    AND ingest_time >= parseDateTime64BestEffort({since:String}, 3, 'UTC')
ORDER BY ingest_time DESC, position
LIMIT 1000
