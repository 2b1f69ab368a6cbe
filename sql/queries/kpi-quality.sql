-- Facts of delays, call quality, SIP answers and final states of messages between two instants (s since 1970), in steps from the first one on, of the
-- given legs, cut by up to two dimensions (`tenant` where there are fewer). Quantiles of delays are those of the steps of `delay_step`: within 9 %.
SELECT
    {from:UInt32} + intDiv(toUInt32(minute) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
    toString({first:Identifier}) AS a,
    toString({second:Identifier}) AS b,
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
    SELECT *, service = 'voice' AS voice
    FROM quality_minute
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service IN {services:Array(String)}
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
        AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
        AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
) AS quality
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
