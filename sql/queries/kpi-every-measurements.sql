-- Facts of device readings between two instants (s since 1970), of the given metrics: as a whole (dimension empty) and by every single dimension, in one scan.
-- The figures of `kpi-measurements`, which defines them. The other dimensions of a group are empty, so `label` is its value.
SELECT
    multiIf(
        grouping(node) = 0, 'node', grouping(site) = 0, 'site', grouping(model) = 0, 'model', grouping(firmware) = 0, 'firmware',
        grouping(device) = 0, 'device', grouping(partner) = 0, 'partner', grouping(apn) = 0, 'apn', '') AS dimension,
    concat(node, site, model, firmware, device, partner, apn) AS label,
    toFloat64(sumIf(n, m = 'online')) AS online_readings,
    sumIf(total, m = 'online') AS online_sum,
    toFloat64(sumIf(n, m = 'rx_power_dbm')) AS rx_readings,
    toFloat64(sumIf(n, m = 'rx_power_dbm' AND level <= -27)) AS rx_weak,
    ifNotFinite(quantileExactInclusiveIf(0.05)(level, m = 'rx_power_dbm'), NULL) AS rx_p05,
    toFloat64(sumIf(n, m = 'snr_db')) AS snr_readings,
    ifNotFinite(quantileExactInclusiveIf(0.05)(level, m = 'snr_db'), NULL) AS snr_p05,
    toFloat64(sumIf(n, m = 'utilisation_percent')) AS utilisation_readings,
    ifNotFinite(quantileExactInclusiveIf(0.95)(level, m = 'utilisation_percent'), NULL) AS utilisation_p95,
    sumIf(total, m = 'packets') AS packets,
    sumIf(total, m = 'packet_errors') AS packet_errors,
    toFloat64(sumIf(n, m = 'throughput_down_mbps')) AS throughput_readings,
    ifNotFinite(quantileExactInclusiveIf(0.5)(level, m = 'throughput_down_mbps'), NULL) AS throughput_p50,
    toFloat64(sumIf(n, m = 'latency_ms')) AS latency_readings,
    ifNotFinite(quantileExactInclusiveIf(0.95)(level, m = 'latency_ms'), NULL) AS latency_p95,
    toFloat64(sumIf(n, m = 'jitter_ms')) AS jitter_readings,
    ifNotFinite(quantileExactInclusiveIf(0.95)(level, m = 'jitter_ms'), NULL) AS jitter_p95,
    toFloat64(sumIf(n, m = 'loss_percent')) AS loss_readings,
    sumIf(total, m = 'loss_percent') AS loss_sum,
    toFloat64(sumIf(n, m = 'dns_ms')) AS dns_readings,
    ifNotFinite(quantileExactInclusiveIf(0.95)(level, m = 'dns_ms'), NULL) AS dns_p95,
    sumIf(total, m = 'dns_queries') AS dns_queries,
    sumIf(total, m = 'dns_answers') AS dns_answers,
    sumIf(total, m = 'registration_attempts') AS registration_attempts,
    sumIf(total, m = 'registration_successes') AS registration_successes,
    sumIf(total, m = 'pdu_session_attempts') AS pdu_session_attempts,
    sumIf(total, m = 'pdu_session_successes') AS pdu_session_successes,
    sumIf(total, m = 'bearer_attempts') AS bearer_attempts,
    sumIf(total, m = 'bearer_successes') AS bearer_successes,
    sumIf(total, m = 'roaming_registration_attempts') AS roaming_registration_attempts,
    sumIf(total, m = 'roaming_registration_successes') AS roaming_registration_successes,
    sumIf(total, m = 'roaming_session_attempts') AS roaming_session_attempts,
    sumIf(total, m = 'roaming_session_successes') AS roaming_session_successes
FROM
(
    SELECT
        minute, node, device, site, model, firmware, partner, apn,
        toLowCardinality(transform(toString(metric), ['ping_average_response_ms', 'ping_standard_deviation_ms', 'ping_percent_packet_loss', 'dns_query_query_time_ms'], ['latency_ms', 'jitter_ms', 'loss_percent', 'dns_ms'], toString(metric))) AS m,
        sum(readings) AS n, sum(value) AS total, total / n AS level
    FROM measurement_minute
    WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
    GROUP BY minute, node, device, site, model, firmware, partner, apn, m
)
GROUP BY GROUPING SETS ((), (node), (site), (model), (firmware), (device), (partner), (apn))
LIMIT {most:UInt32}
