-- The newest event of each node of each source since an instant, for watermarks of nodes. A time ahead of its own arrival is a wrong clock.
SELECT leg, source, node, max(least(start_time, ingest_time)) AS newest
FROM usage
WHERE tenant = {tenant:String} AND node != '' AND leg IN {legs:Array(String)}
    AND ingest_time >= {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
    AND toStartOfHour(start_time) >= toStartOfHour({oldest:DateTime64(3, 'UTC')})
GROUP BY leg, source, node
ORDER BY newest DESC
LIMIT 5000
