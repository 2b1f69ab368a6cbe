-- Facts of calls between two instants (s since 1970), of the given legs: as a whole (dimension empty) and by every single dimension but the leg, in one
-- scan. The figures of `kpi-usage`, which defines them: without the other services, and with one key a group, it is a tenth of the work. The other dimensions of a group are
-- empty, so `label` is its value.
SELECT
    multiIf(
        grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction', grouping(node) = 0, 'node', grouping(route) = 0, 'route',
        grouping(cell) = 0, 'cell', grouping(apn) = 0, 'apn', grouping(rat) = 0, 'rat', grouping(plan) = 0, 'plan', grouping(zone) = 0, 'zone',
        grouping(segment) = 0, 'segment', '') AS dimension,
    concat(partner, direction, node, route, cell, apn, rat, plan, zone, segment) AS label,
    toFloat64(sum(records)) AS voice_bids,
    toFloat64(sum(answered)) AS voice_answered,
    toFloat64(sumIf(missed, unseized)) AS voice_unseized,
    voice_bids - voice_unseized AS voice_seizures,
    toFloat64(sumIf(missed, reached)) + voice_answered AS voice_delivered,
    toFloat64(sumIf(missed, stated)) + voice_answered AS voice_set_ups,
    voice_set_ups - voice_unseized AS voice_judged,
    toFloat64(sumIf(answered, abnormal)) AS voice_dropped,
    toFloat64(sumIf(answered, stated)) AS voice_ended,
    sum(billable_seconds) AS voice_seconds,
    toFloat64(sumIf(missed, roaming AND reached) + sumIf(answered, roaming)) AS roaming_delivered,
    toFloat64(sumIf(missed, roaming AND stated) + sumIf(answered, roaming)) AS roaming_calls
FROM
(
    SELECT
        *,
        records - answered AS missed,
        partner GLOBAL IN (SELECT partner FROM partners_current WHERE tenant = {tenant:String} AND partner_kind = 'roaming') AS roaming,
        cause_class = 'congestion' AND route = '' AS unseized,
        cause_class IN ('normal', 'user') AS reached,
        cause_class != '' AS stated,
        cause_class IN ('network', 'congestion', 'interworking') AS abnormal
    FROM {table:Identifier}
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service = 'voice'
        AND {time:Identifier} >= toDateTime({from:UInt32}, 'UTC') AND {time:Identifier} < toDateTime({to:UInt32}, 'UTC')
)
GROUP BY GROUPING SETS ((), (partner), (direction), (node), (route), (cell), (apn), (rat), (plan), (zone), (segment))
LIMIT {most:UInt32}
