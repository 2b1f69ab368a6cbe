-- Facts of data sessions between two instants (s since 1970), of the given legs: as a whole (dimension empty) and by every single dimension but the leg, in
-- one scan. The figures of `kpi-usage`, which defines them. The other dimensions of a group are empty, so `label` is its value.
SELECT
    multiIf(
        grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction', grouping(node) = 0, 'node', grouping(route) = 0, 'route',
        grouping(cell) = 0, 'cell', grouping(apn) = 0, 'apn', grouping(rat) = 0, 'rat', grouping(plan) = 0, 'plan', grouping(zone) = 0, 'zone',
        grouping(segment) = 0, 'segment', '') AS dimension,
    concat(partner, direction, node, route, cell, apn, rat, plan, zone, segment) AS label,
    toFloat64(sum(records)) AS data_sessions,
    sum(duration_seconds) AS data_seconds,
    sumIf(duration_seconds, cause_class != '') / 3600 AS data_hours,
    toFloat64(sumIf(records, cause_class IN ('network', 'congestion', 'interworking'))) AS data_lost,
    toFloat64(sum(octets_down)) AS data_octets_down,
    toFloat64(sum(octets_up)) AS data_octets_up
FROM {table:Identifier}
WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service = 'data'
    AND {time:Identifier} >= toDateTime({from:UInt32}, 'UTC') AND {time:Identifier} < toDateTime({to:UInt32}, 'UTC')
GROUP BY GROUPING SETS ((), (partner), (direction), (node), (route), (cell), (apn), (rat), (plan), (zone), (segment))
LIMIT {most:UInt32}
