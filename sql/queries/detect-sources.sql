-- Every source that brought something in the last 35 days.
SELECT DISTINCT source
FROM batches
WHERE tenant = {tenant:String} AND planned_at >= {since:DateTime64(3, 'UTC')}
UNION DISTINCT
SELECT DISTINCT source
FROM files
WHERE tenant = {tenant:String} AND received_at >= {since:DateTime64(3, 'UTC')}
ORDER BY source
