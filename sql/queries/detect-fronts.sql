-- The newest event of each source and leg among what came since an instant, which is little, and how far back it reaches but for three of a hundred records: how
-- far it has come since it was looked at last. A time ahead of its own arrival is a wrong clock and does not count.
SELECT leg, source, max(least(start_time, ingest_time)) AS newest, quantileExactLow(0.03)(start_time) AS oldest
FROM usage_keys
WHERE tenant = {tenant:String} AND ingest_time >= {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
GROUP BY leg, source
