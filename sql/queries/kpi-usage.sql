-- Facts of calls, messages and data sessions between two instants (s since 1970), in steps from the first one on, of the given legs, cut by up to
-- two dimensions (`tenant` where there are fewer): all that KPIs over usage need, in one scan of a rollup. `only` and `also` keep certain
-- values of a dimension, `groups_a` and `groups_b` certain groups. An attempt without a circuit (`unseized`): released for congestion,
-- unanswered and without an outgoing route. First the rows are added up by all that a fact asks of them, then each fact picks its sums: a
-- condition on each row for each fact took four times as long.
SELECT
    bucket,
    toString(first_value) AS a,
    toString(second_value) AS b,
    toFloat64(sumIf(all_records, voice)) AS voice_bids,
    toFloat64(sumIf(all_answered, voice)) AS voice_answered,
    toFloat64(sumIf(all_records - all_answered, voice AND unseized)) AS voice_unseized,
    voice_bids - voice_unseized AS voice_seizures,
    toFloat64(sumIf(all_records - all_answered, voice AND reached)) + voice_answered AS voice_delivered,
    toFloat64(sumIf(all_records - all_answered, voice AND cause_class != '')) + voice_answered AS voice_set_ups,
    voice_set_ups - voice_unseized AS voice_judged,
    toFloat64(sumIf(all_answered, voice AND abnormal)) AS voice_dropped,
    toFloat64(sumIf(all_answered, voice AND cause_class != '')) AS voice_ended,
    sumIf(all_billable_seconds, voice) AS voice_seconds,
    toFloat64(sumIf(all_records, sms)) AS sms_messages,
    toFloat64(sumIf(all_answered, sms)) AS sms_delivered,
    toFloat64(sumIf(all_records, data)) AS data_sessions,
    sumIf(all_duration_seconds, data) AS data_seconds,
    sumIf(all_duration_seconds, data AND cause_class != '') / 3600 AS data_hours,
    toFloat64(sumIf(all_records, data AND abnormal)) AS data_lost,
    toFloat64(sumIf(all_octets_down, data)) AS data_octets_down,
    toFloat64(sumIf(all_octets_up, data)) AS data_octets_up,
    toFloat64(sumIf(all_records - all_answered, voice AND roaming AND reached) + sumIf(all_answered, voice AND roaming)) AS roaming_delivered,
    toFloat64(sumIf(all_records - all_answered, voice AND roaming AND cause_class != '') + sumIf(all_answered, voice AND roaming)) AS roaming_calls
FROM
(
    SELECT
        {from:UInt32} + intDiv(toUInt32({time:Identifier}) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
        {first:Identifier} AS first_value,
        {second:Identifier} AS second_value,
        service,
        cause_class,
        route = '' AS routeless,
        partner IN (SELECT partner FROM partners_current WHERE tenant = {tenant:String} AND partner_kind = 'roaming') AS roaming,
        service = 'voice' AS voice,
        service = 'sms' AS sms,
        service = 'data' AS data,
        cause_class = 'congestion' AND routeless AS unseized,
        cause_class IN ('normal', 'user') AS reached,
        cause_class IN ('network', 'congestion', 'interworking') AS abnormal,
        sum(records) AS all_records,
        sum(answered) AS all_answered,
        sum(billable_seconds) AS all_billable_seconds,
        sum(duration_seconds) AS all_duration_seconds,
        sum(octets_down) AS all_octets_down,
        sum(octets_up) AS all_octets_up
    FROM {table:Identifier}
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service IN {services:Array(String)}
        AND {time:Identifier} >= toDateTime({from:UInt32}, 'UTC') AND {time:Identifier} < toDateTime({to:UInt32}, 'UTC')
        AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
        AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
    GROUP BY bucket, first_value, second_value, service, cause_class, routeless, roaming
)
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
