-- PON trees between two instants (s since 1970), in steps from the first one on, cut by up to two dimensions (`tenant` where there are fewer): ONTs
-- online (`onts_online` of the PON) against those that there are: by topology, else the most that were online within the day before. A tree is
-- out when fewer than half are online.
SELECT
    bucket, a, b,
    toFloat64(count()) AS pons,
    toFloat64(countIf(lowest < known / 2)) AS pons_out,
    sum(least(mean, known)) AS onts_online,
    toFloat64(sum(known)) AS onts_known
FROM
(
    SELECT
        {from:UInt32} + intDiv(toUInt32(minute) - {from:UInt32}, {step:UInt32}) * {step:UInt32} AS bucket,
        toString({first:Identifier}) AS a,
        toString({second:Identifier}) AS b,
        device, min(lowest) AS lowest, avg(level) AS mean, any(ponts) AS known
    FROM
    (
        SELECT
            tenant, minute, device, node, site, model, firmware, lowest, level,
            if(branch.onts > 0, toFloat64(branch.onts), max(highest) OVER (PARTITION BY device)) AS ponts
        FROM
        (
            SELECT
                tenant, minute, device,
                any(measured.node) AS node, any(measured.site) AS site, any(measured.model) AS model, any(measured.firmware) AS firmware,
                min(measured.low) AS lowest, max(measured.high) AS highest, sum(measured.value) / sum(measured.readings) AS level
            FROM measurement_minute AS measured
            WHERE tenant = {tenant:String} AND metric IN {metrics:Array(String)}
                AND minute >= toDateTime(greatest({from:UInt32}, 86400) - 86400, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
            GROUP BY tenant, minute, device
        ) AS measured
        LEFT JOIN
        (
            SELECT parent, uniqExact(child) AS onts
            FROM topology_edges_current
            WHERE tenant = {tenant:String} AND lower(parent_type) = 'pon' AND lower(child_type) = 'ont'
                AND valid_from <= toDateTime({to:UInt32}, 'UTC') AND (valid_to <= toDateTime64(0, 3, 'UTC') OR valid_to >= toDateTime({to:UInt32}, 'UTC'))
            GROUP BY parent
        ) AS branch ON branch.parent = measured.device
    )
    WHERE minute >= toDateTime({from:UInt32}, 'UTC')
        AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
        AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        AND (empty({groups_a:Array(String)}) OR has(arrayZip({groups_a:Array(String)}, {groups_b:Array(String)}), (toString({first:Identifier}), toString({second:Identifier}))))
    GROUP BY bucket, a, b, device
)
WHERE known > 0
GROUP BY bucket, a, b
ORDER BY bucket, a, b
LIMIT {most:UInt32}
