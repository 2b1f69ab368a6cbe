-- Burn rates and budget of an objective over time; of many points as many as are asked for, the last of each stretch.
SELECT max(slo_burn.at) AS at, argMax(slo_burn.state, (slo_burn.at, written_at)) AS state, argMax(slo_burn.budget_left, (slo_burn.at, written_at)) AS budget_left, argMax(slo_burn.burn, (slo_burn.at, written_at)) AS burn, argMax(slo_burn.firing, (slo_burn.at, written_at)) AS firing
FROM slo_burn
WHERE tenant = {tenant:String} AND slo = {slo:String} AND slo_burn.at >= {from:DateTime64(3, 'UTC')} AND slo_burn.at < {to:DateTime64(3, 'UTC')}
GROUP BY intDiv(toUInt32(toDateTime(slo_burn.at, 'UTC')), {step_seconds:UInt32})
ORDER BY at
