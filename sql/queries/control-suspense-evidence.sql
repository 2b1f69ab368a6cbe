-- Evidence of S12: rejected records of a source for one reason, without their bytes; of the files that are named, or of all.
SELECT file, position, field, detail, kind, ingest_time, record_id
FROM rejections
WHERE tenant = {tenant:String} AND source = {source:String} AND reason = {reason:String}
    AND (empty({files:Array(String)}) OR file IN {files:Array(String)})
ORDER BY ingest_time DESC, position
LIMIT 1000
