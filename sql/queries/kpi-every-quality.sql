-- Facts of delays, call quality, SIP answers and final states of messages between two instants (s since 1970), of the given legs and services: as a whole
-- (dimension empty) and by every single dimension but the leg, in one scan. The figures of `kpi-quality`, which defines them. First the sums by
-- dimension, service and step of delay, which are few; then the figures. The other dimensions of a group are empty, so `label` is its value.
SELECT
    dimension,
    label,
    toFloat64(sumIf(delay_records, voice)) AS pdd_calls,
    sumIf(quality.delay_ms, voice) / 1000 AS pdd_seconds,
    ifNotFinite(exp2(quantileExactWeightedIf(0.5)(delay_step, delay_records, voice AND delay_step > 0) / 4) / 1000, NULL) AS pdd_p50,
    ifNotFinite(exp2(quantileExactWeightedIf(0.95)(delay_step, delay_records, voice AND delay_step > 0) / 4) / 1000, NULL) AS pdd_p95,
    toFloat64(sumIf(quality.mos_records, voice)) AS mos_calls,
    sumIf(quality.mos, voice) AS mos_sum,
    toFloat64(sumIf(quality.mos_low, voice)) AS mos_poor_calls,
    toFloat64(sumIf(quality.jitter_records, voice)) AS jitter_calls,
    sumIf(quality.jitter_ms, voice) AS jitter_sum,
    toFloat64(sumIf(quality.loss_records, voice)) AS loss_calls,
    sumIf(quality.loss_percent, voice) AS loss_sum,
    toFloat64(sum(quality.sip_invites)) AS invites,
    toFloat64(sum(quality.sip_redirected)) + invites AS invites_all,
    toFloat64(sum(quality.sip_answered)) AS invites_answered,
    toFloat64(sum(quality.sip_effective)) AS invites_effective,
    toFloat64(sum(quality.sip_ineffective)) AS invites_ineffective,
    toFloat64(sum(quality.messages)) AS sms_messages,
    toFloat64(sum(quality.messages_final)) AS sms_final,
    toFloat64(sumIf(delay_records, NOT voice)) AS sms_timed,
    ifNotFinite(exp2(quantileExactWeightedIf(0.5)(delay_step, delay_records, NOT voice AND delay_step > 0) / 4) / 1000, NULL) AS sms_latency_p50,
    ifNotFinite(exp2(quantileExactWeightedIf(0.95)(delay_step, delay_records, NOT voice AND delay_step > 0) / 4) / 1000, NULL) AS sms_latency_p95
FROM
(
    SELECT
        multiIf(
            grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction', grouping(node) = 0, 'node', grouping(route) = 0, 'route',
            grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(partner, direction, node, route, rat, zone) AS label,
        service = 'voice' AS voice,
        delay_step,
        sum(steps.delay_records) AS delay_records, sum(steps.delay_ms) AS delay_ms, sum(steps.mos_records) AS mos_records, sum(steps.mos) AS mos,
        sum(steps.mos_low) AS mos_low, sum(steps.jitter_records) AS jitter_records, sum(steps.jitter_ms) AS jitter_ms,
        sum(steps.loss_records) AS loss_records, sum(steps.loss_percent) AS loss_percent, sum(steps.sip_invites) AS sip_invites,
        sum(steps.sip_redirected) AS sip_redirected, sum(steps.sip_answered) AS sip_answered, sum(steps.sip_effective) AS sip_effective,
        sum(steps.sip_ineffective) AS sip_ineffective, sum(steps.messages) AS messages, sum(steps.messages_final) AS messages_final
    FROM quality_minute AS steps
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service IN {services:Array(String)}
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
    GROUP BY GROUPING SETS ((service, delay_step), (service, delay_step, partner), (service, delay_step, direction), (service, delay_step, node), (service, delay_step, route), (service, delay_step, rat), (service, delay_step, zone))
) AS quality
GROUP BY dimension, label
LIMIT {most:UInt32}
