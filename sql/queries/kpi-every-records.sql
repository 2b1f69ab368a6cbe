-- Facts of the usage records themselves between two instants (s since 1970), of the given legs: as a whole (dimension empty) and by every single dimension.
-- The figures of `kpi-arrivals`, `kpi-repeats` and, for one step, `kpi-complete`, which define them; the same time of each of the four weeks before is a scan
-- of its own. The other dimensions of a group are empty, so `label` is its value.
SELECT
    dimension,
    label,
    sumIf(n, week = 0) AS arrived,
    sum(in_time) AS arrived_in_time,
    max(p95) AS arrival_p95,
    arrived AS stored_records,
    sum(duplicates) AS repeated_records,
    if(countIf(week > 0 AND n > 0) < 2, 0, ifNotFinite(quantileExactInclusiveIf(0.5)(n, week > 0 AND n > 0), 0)) AS expected_records,
    least(arrived, expected_records) AS complete_records
FROM
(
    SELECT
        multiIf(
            grouping(leg) = 0, 'leg', grouping(service) = 0, 'service', grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction',
            grouping(node) = 0, 'node', grouping(route) = 0, 'route', grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(leg, service, partner, direction, node, route, rat, zone) AS label,
        0 AS week, toFloat64(sum(lagging.records)) AS n, toFloat64(sumIf(lagging.records, lag <= 3600)) AS in_time,
        ifNotFinite(toFloat64(quantileBFloat16Weighted(0.95)(lag, lagging.records)), NULL) AS p95, 0. AS duplicates
    FROM
    (
        SELECT *, greatest(toFloat64(ingest_time) - toUInt32(minute) - 30 - duration_seconds / records, 0) AS lag
        FROM usage_minute
        WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
            AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
    ) AS lagging
    GROUP BY GROUPING SETS ((), (leg), (service), (partner), (direction), (node), (route), (rat), (zone))
    UNION ALL
    SELECT
        multiIf(
            grouping(leg) = 0, 'leg', grouping(service) = 0, 'service', grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction',
            grouping(node) = 0, 'node', grouping(route) = 0, 'route', grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(leg, service, partner, direction, node, route, rat, zone) AS label,
        0 AS week, 0. AS n, 0. AS in_time, NULL AS p95, toFloat64(sum(quality.duplicates)) AS duplicates
    FROM quality_minute AS quality
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND quality.duplicates > 0
        AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
    GROUP BY GROUPING SETS ((), (leg), (service), (partner), (direction), (node), (route), (rat), (zone))
    UNION ALL
    SELECT
        multiIf(
            grouping(leg) = 0, 'leg', grouping(service) = 0, 'service', grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction',
            grouping(node) = 0, 'node', grouping(route) = 0, 'route', grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(leg, service, partner, direction, node, route, rat, zone) AS label,
        1 AS week, toFloat64(sum(records)) AS n, 0. AS in_time, NULL AS p95, 0. AS duplicates
    FROM {table:Identifier}
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
        AND {time:Identifier} >= toDateTime(greatest({from:UInt32}, 604800) - 604800, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 604800) - 604800, 'UTC')
    GROUP BY GROUPING SETS ((), (leg), (service), (partner), (direction), (node), (route), (rat), (zone))
    UNION ALL
    SELECT
        multiIf(
            grouping(leg) = 0, 'leg', grouping(service) = 0, 'service', grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction',
            grouping(node) = 0, 'node', grouping(route) = 0, 'route', grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(leg, service, partner, direction, node, route, rat, zone) AS label,
        2 AS week, toFloat64(sum(records)) AS n, 0. AS in_time, NULL AS p95, 0. AS duplicates
    FROM {table:Identifier}
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
        AND {time:Identifier} >= toDateTime(greatest({from:UInt32}, 1209600) - 1209600, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 1209600) - 1209600, 'UTC')
    GROUP BY GROUPING SETS ((), (leg), (service), (partner), (direction), (node), (route), (rat), (zone))
    UNION ALL
    SELECT
        multiIf(
            grouping(leg) = 0, 'leg', grouping(service) = 0, 'service', grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction',
            grouping(node) = 0, 'node', grouping(route) = 0, 'route', grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(leg, service, partner, direction, node, route, rat, zone) AS label,
        3 AS week, toFloat64(sum(records)) AS n, 0. AS in_time, NULL AS p95, 0. AS duplicates
    FROM {table:Identifier}
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
        AND {time:Identifier} >= toDateTime(greatest({from:UInt32}, 1814400) - 1814400, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 1814400) - 1814400, 'UTC')
    GROUP BY GROUPING SETS ((), (leg), (service), (partner), (direction), (node), (route), (rat), (zone))
    UNION ALL
    SELECT
        multiIf(
            grouping(leg) = 0, 'leg', grouping(service) = 0, 'service', grouping(partner) = 0, 'partner', grouping(direction) = 0, 'direction',
            grouping(node) = 0, 'node', grouping(route) = 0, 'route', grouping(rat) = 0, 'rat', grouping(zone) = 0, 'zone', '') AS dimension,
        concat(leg, service, partner, direction, node, route, rat, zone) AS label,
        4 AS week, toFloat64(sum(records)) AS n, 0. AS in_time, NULL AS p95, 0. AS duplicates
    FROM {table:Identifier}
    WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
        AND {time:Identifier} >= toDateTime(greatest({from:UInt32}, 2419200) - 2419200, 'UTC') AND {time:Identifier} < toDateTime(greatest({to:UInt32}, 2419200) - 2419200, 'UTC')
    GROUP BY GROUPING SETS ((), (leg), (service), (partner), (direction), (node), (route), (rat), (zone))
)
GROUP BY dimension, label
LIMIT {most:UInt32}
