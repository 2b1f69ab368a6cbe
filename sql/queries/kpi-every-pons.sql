-- PON trees between two instants (s since 1970): as a whole (dimension empty) and by every single dimension. The figures of `kpi-pons` for one step, which
-- defines them. `label` is the value of the dimension.
SELECT
    dimension,
    label,
    toFloat64(count()) AS pons,
    toFloat64(countIf(lowest < known / 2)) AS pons_out,
    sum(least(mean, known)) AS onts_online,
    toFloat64(sum(known)) AS onts_known
FROM
(
    SELECT
        multiIf(
            grouping(node) = 0, 'node', grouping(site) = 0, 'site', grouping(model) = 0, 'model', grouping(firmware) = 0, 'firmware',
            grouping(device) = 0, 'device', '') AS dimension,
        concat(node, site, model, firmware, device) AS label,
        of_device, min(least_online) AS lowest, avg(level) AS mean, any(onts) AS known
    FROM
    (
        SELECT
            measured.device AS device, device AS of_device, node, site, model, firmware, least_online, level,
            if(branch.onts > 0, toFloat64(branch.onts), past.highest) AS onts
        FROM
        (
            SELECT
                minute, device,
                any(now.node) AS node, any(now.site) AS site, any(now.model) AS model, any(now.firmware) AS firmware,
                min(now.low) AS least_online, sum(now.value) / sum(now.readings) AS level
            FROM measurement_minute AS now
            WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
                AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
            GROUP BY minute, device
        ) AS measured
        LEFT JOIN
        (
            SELECT device, max(high) AS highest
            FROM measurement_minute
            WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
                AND minute >= toDateTime(greatest({from:UInt32}, 86400) - 86400, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
            GROUP BY device
        ) AS past ON past.device = measured.device
        LEFT JOIN
        (
            SELECT parent, uniqExact(child) AS onts
            FROM topology_edges_current
            WHERE tenant = {tenant:String} AND lower(parent_type) = 'pon' AND lower(child_type) = 'ont'
                AND valid_from <= toDateTime({to:UInt32}, 'UTC') AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to >= toDateTime({to:UInt32}, 'UTC'))
            GROUP BY parent
        ) AS branch ON branch.parent = measured.device
    )
    GROUP BY GROUPING SETS ((of_device), (of_device, node), (of_device, site), (of_device, model), (of_device, firmware), (device))
)
WHERE known > 0
GROUP BY dimension, label
LIMIT {most:UInt32}
