-- Good and all of an objective in several windows at once. With a slice target, slices are counted instead of events. What has fewer events than the minimum says
-- nothing. Window 0 is that of the objective.
WITH slices AS
(
    SELECT at, argMax(slo_slices.good, version) AS good, argMax(slo_slices.total, version) AS total
    FROM slo_slices
    WHERE tenant = {tenant:String} AND slo = {slo:String} AND source = {source:String}
        AND at >= toDateTime(arrayMin({froms:Array(UInt32)}), 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
    GROUP BY at
    HAVING total > 0 AND total >= {slice_minimum:Float64}
)
SELECT
    windows AS window,
    sum(if({slice_target:Float64} < 0, slices.good, toFloat64(slices.good >= {slice_target:Float64} * slices.total * (1 - 1e-12)))) AS good,
    sum(if({slice_target:Float64} < 0, slices.total, 1)) AS total,
    toUInt32(max(slices.at)) AS last_at
FROM slices
ARRAY JOIN arrayFilter(n -> toUInt32(slices.at) >= {froms:Array(UInt32)}[n + 1], range(toUInt32(length({froms:Array(UInt32)})))) AS windows
GROUP BY windows
ORDER BY windows
