-- The newest event of each source and leg among what came since an instant, which is little, and the one in the middle of it: how far it has come since it was looked
-- at last, and whether that was something old. A time ahead of its own arrival is a wrong clock and does not count.
SELECT leg, source, max(least(start_time, ingest_time)) AS newest, quantileExactLow(0.5)(start_time) AS middle
FROM usage_keys
WHERE tenant = {tenant:String} AND ingest_time >= {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
GROUP BY leg, source
