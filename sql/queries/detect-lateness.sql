-- How far each source has come in event time, leg by leg: the newest event of its latest batches, and how far 99 % of the records
-- of nine of its latest twenty batches in ten lie behind the newest of their own batch. A time ahead of its own arrival is a wrong clock and does not count.
SELECT leg, source, max(front) AS newest, quantileExact(0.9)(greatest(0, dateDiff('millisecond', oldest, front))) AS late_ms
FROM
(
    SELECT
        leg,
        source,
        max(least(start_time, ingest_time)) AS front,
        least(max(start_time), quantileExactLow(0.01)(start_time)) AS oldest
    FROM usage_keys
    WHERE tenant = {tenant:String} AND ingest_time >= {since:DateTime64(3, 'UTC')}
    GROUP BY leg, source, file, ingest_time
    ORDER BY ingest_time DESC
    LIMIT 20 BY leg, source
)
GROUP BY leg, source
