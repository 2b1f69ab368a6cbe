-- Facts of device readings between two instants (s since 1970), of the given metrics: as a whole (dimension empty) and by every single dimension, in one scan.
-- The figures of `kpi-measurements`, which defines them. First the sums and quantiles by dimension and metric; then each fact picks those of its metric: that costs a
-- condition for each fact on a tenth of the rows. The other dimensions of a group are empty, so `label` is its value.
SELECT
    dimension,
    label,
    toFloat64(sumIf(n, m = 'online')) AS online_readings,
    sumIf(total, m = 'online') AS online_sum,
    toFloat64(sumIf(n, m = 'rx_power_dbm')) AS rx_readings,
    toFloat64(sumIf(weak, m = 'rx_power_dbm')) AS rx_weak,
    maxOrNullIf(quantiles[1], m = 'rx_power_dbm') AS rx_p05,
    toFloat64(sumIf(n, m = 'snr_db')) AS snr_readings,
    maxOrNullIf(quantiles[1], m = 'snr_db') AS snr_p05,
    toFloat64(sumIf(n, m = 'utilisation_percent')) AS utilisation_readings,
    maxOrNullIf(quantiles[3], m = 'utilisation_percent') AS utilisation_p95,
    sumIf(total, m = 'packets') AS packets,
    sumIf(total, m = 'packet_errors') AS packet_errors,
    toFloat64(sumIf(n, m = 'throughput_down_mbps')) AS throughput_readings,
    maxOrNullIf(quantiles[2], m = 'throughput_down_mbps') AS throughput_p50,
    toFloat64(sumIf(n, m = 'latency_ms')) AS latency_readings,
    maxOrNullIf(quantiles[3], m = 'latency_ms') AS latency_p95,
    toFloat64(sumIf(n, m = 'jitter_ms')) AS jitter_readings,
    maxOrNullIf(quantiles[3], m = 'jitter_ms') AS jitter_p95,
    toFloat64(sumIf(n, m = 'loss_percent')) AS loss_readings,
    sumIf(total, m = 'loss_percent') AS loss_sum,
    toFloat64(sumIf(n, m = 'dns_ms')) AS dns_readings,
    maxOrNullIf(quantiles[3], m = 'dns_ms') AS dns_p95,
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
        multiIf(
            grouping(node) = 0, 'node', grouping(site) = 0, 'site', grouping(model) = 0, 'model', grouping(firmware) = 0, 'firmware',
            grouping(device) = 0, 'device', grouping(partner) = 0, 'partner', grouping(apn) = 0, 'apn', '') AS dimension,
        concat(node, site, model, firmware, device, partner, apn) AS label,
        m,
        sum(read) AS n, sum(added) AS total, sumIf(read, level <= -27) AS weak,
        quantilesExactInclusive(0.05, 0.5, 0.95)(level) AS quantiles
    FROM
    (
        SELECT
            minute, node, device, site, model, firmware, partner, apn,
            toLowCardinality(transform(toString(metric), ['ping_average_response_ms', 'ping_standard_deviation_ms', 'ping_percent_packet_loss', 'dns_query_query_time_ms'], ['latency_ms', 'jitter_ms', 'loss_percent', 'dns_ms'], toString(metric))) AS m,
            sum(readings) AS read, sum(value) AS added, added / read AS level
        FROM measurement_minute
        WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
            AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
        GROUP BY minute, node, device, site, model, firmware, partner, apn, m
    )
    GROUP BY GROUPING SETS ((m), (m, node), (m, site), (m, model), (m, firmware), (m, device), (m, partner), (m, apn))
)
GROUP BY dimension, label
LIMIT {most:UInt32}
