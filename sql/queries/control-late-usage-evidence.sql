-- Evidence of S11: the oldest records of a file or posted batch, with how long after their end they came.
SELECT start_time, end_time, ingest_time, dateDiff('hour', greatest(start_time, end_time), ingest_time) AS hours_old, leg, service, node, charge, record_id
FROM usage
WHERE tenant = {tenant:String} AND source = {source:String} AND file = {file:String}
    AND ingest_time = parseDateTime64BestEffort({at:String}, 3, 'UTC')
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time <= parseDateTime64BestEffort({to:String}, 3, 'UTC')
ORDER BY start_time
LIMIT 1000
