-- Slices of an objective in a stretch, in order.
SELECT toUInt32(slo_slices.at) AS at, argMax(slo_slices.good, version) AS good, argMax(slo_slices.total, version) AS total
FROM slo_slices
WHERE tenant = {tenant:String} AND slo = {slo:String} AND source = {source:String}
    AND slo_slices.at >= toDateTime({from:UInt32}, 'UTC') AND slo_slices.at < toDateTime({to:UInt32}, 'UTC')
GROUP BY slo_slices.at
HAVING total > 0
ORDER BY at
