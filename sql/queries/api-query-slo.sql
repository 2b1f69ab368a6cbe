-- Objectives as they stand, the most burnt first; an empty list means any.
SELECT
    slo, service, title, method, target, state, toUnixTimestamp64Milli(window_from) AS window_from, toUnixTimestamp64Milli(window_to) AS window_to,
    toUnixTimestamp64Milli(judged_to) AS judged_to, good, total, share, allowed, budget_left, toString(mapSort(burn)) AS burn,
    arrayStringConcat(firing, ', ') AS firing
FROM slo_state_latest
WHERE tenant = {tenant:String} AND (empty({objectives:Array(String)}) OR slo IN {objectives:Array(String)})
ORDER BY ifNull(budget_left, 2), slo
LIMIT {limit:UInt32}
