-- How far each source has come in event time, leg by leg: the newest event it brought, and how far behind it the leg is not complete
-- yet. That is how long 97 of 100 of its latest records last, since a record is written when its use ends; or, if longer, how far 97 of
-- 100 records of its latest twenty files or batches (their median) lie behind what had come before them. A time ahead of its own arrival
-- is a wrong clock and does not count.
WITH
    units AS
    (
        SELECT
            leg, source, unit, came, front, oldest,
            max(front) OVER (PARTITION BY leg, source ORDER BY came, front ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM
        (
            SELECT
                leg,
                source,
                if(file = '', toString(ingest_time), file) AS unit,
                min(ingest_time) AS came,
                max(least(start_time, ingest_time)) AS front,
                quantileExactLow(0.03)(start_time) AS oldest
            FROM usage_keys
            WHERE tenant = {tenant:String} AND ingest_time >= {since:DateTime64(3, 'UTC')} AND ingest_time <= {until:DateTime64(3, 'UTC')}
            GROUP BY leg, source, unit
        )
        ORDER BY came DESC
        LIMIT 20 BY leg, source
    ),
    fronts AS
    (
        SELECT
            leg, source, max(front) AS newest,
            quantileExact(0.5)(if(toUnixTimestamp(before) = 0, 0, greatest(0, dateDiff('millisecond', oldest, before)))) AS behind_ms
        FROM units
        GROUP BY leg, source
    )
SELECT leg, source, newest, toUInt64(greatest(toInt64(behind_ms), lasting_ms)) AS late_ms
FROM fronts
LEFT JOIN
(
    SELECT leg, source, toInt64(quantileExact(0.97)(duration_seconds) * 1000) AS lasting_ms
    FROM usage
    WHERE tenant = {tenant:String} AND ingest_time >= {since:DateTime64(3, 'UTC')}
        AND toStartOfHour(start_time) >= (SELECT toStartOfHour(min(newest)) FROM fronts) - INTERVAL 12 HOUR
        AND (leg, source) IN (SELECT leg, source FROM fronts)
    GROUP BY leg, source
) AS lengths USING (leg, source)
