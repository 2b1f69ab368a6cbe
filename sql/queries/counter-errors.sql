-- Errors and packets of interfaces in the latest quarter of an hour and in the day before it, from counters: growth as in `counter-deltas`.
-- An error counter is one whose name has `error` or `discard`; packets are counters whose name has `packet` or `pkt` and neither.
WITH {changed_to:DateTime64(3, 'UTC')} - INTERVAL 15 MINUTE AS turn
SELECT
    device, any(of_node) AS node, any(of_site) AS site,
    sumIf(delta, bad AND at >= turn) AS errors,
    sumIf(delta, NOT bad AND at >= turn) AS packets,
    sumIf(delta, bad AND at < turn) AS past_errors,
    sumIf(delta, NOT bad AND at < turn) AS past_packets,
    countIf(step = 'restarted') AS restarts,
    minIf(at, bad AND delta > 0 AND at >= turn) AS first_at,
    max(at) AS complete_to
FROM
(
    SELECT
        device, of_node, of_site, event_time AS at,
        match(lower(of_metric), 'error|discard') AS bad,
        multiIf(
            before < 0 OR value = before, 0.,
            value > before, value - before,
            before < 4294967296. AND before >= 3221225472. AND value < 1073741824., value + 4294967296. - before,
            before >= 13835058055282163712. AND value < 4611686018427387904., value + 18446744073709551616. - before,
            0.) AS delta,
        if(before > value, 'restarted', '') AS step
    FROM
    (
        SELECT device, of_metric, of_node, of_site, event_time, value,
            lagInFrame(value, 1, -1.) OVER (PARTITION BY device, of_metric ORDER BY event_time ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
        FROM
        (
            SELECT device, toString(metric) AS of_metric, any(toString(node)) AS of_node, any(toString(site)) AS of_site, event_time, max(recent_readings.value) AS value
            FROM recent_readings
            WHERE tenant = {tenant:String} AND instrument = 'counter' AND recent_readings.value >= 0 AND isFinite(recent_readings.value)
                AND match(lower(toString(metric)), 'error|discard|packet|pkt')
                AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC') AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')}
            GROUP BY device, of_metric, event_time
        )
    )
)
GROUP BY device
HAVING packets > 0 OR errors > 0
ORDER BY device
LIMIT 100000
