-- What counters of devices grew by from reading to reading, wrap and restart told apart: a fall from the last quarter of 32 or 64 bits into
-- the first quarter is a wrap and counts on; any other fall is a restart or another device, and what was counted between is not known (0).
-- A reading of the same instant as the one before counts nothing.
SELECT
    device, toString(metric) AS of_metric, event_time AS at, value, before,
    multiIf(
        before < 0 OR value = before, 0.,
        value > before, value - before,
        before < 4294967296. AND before >= 3221225472. AND value < 1073741824., value + 4294967296. - before,
        before >= 13835058055282163712. AND value < 4611686018427387904., value + 18446744073709551616. - before,
        0.) AS delta,
    multiIf(before < 0, 'first', value >= before, 'grown',
        before < 4294967296. AND before >= 3221225472. AND value < 1073741824., 'wrapped',
        before >= 13835058055282163712. AND value < 4611686018427387904., 'wrapped',
        'restarted') AS step
FROM
(
    SELECT device, metric, event_time, value,
        lagInFrame(value, 1, -1.) OVER (PARTITION BY device, metric ORDER BY event_time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
    FROM
    (
        SELECT device, metric, event_time, max(measurements.value) AS value
        FROM measurements
        WHERE tenant = {tenant:String} AND instrument = 'counter' AND measurements.value >= 0 AND isFinite(measurements.value) AND has({metrics:Array(String)}, toString(metric))
            AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')} AND ingest_time >= {since:DateTime64(3, 'UTC')}
        GROUP BY device, metric, event_time
    )
)
ORDER BY device, of_metric, at
LIMIT 1000000
