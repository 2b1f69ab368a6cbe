-- How objectives stand; the least budget first.
SELECT slo, source, service, title, method, target, state, window_from, window_to, judged_to, last_data_at, good, total, share, allowed, budget_left, burn, firing, updated_at
FROM slo_state_latest
WHERE tenant = {tenant:String}
ORDER BY budget_left IS NULL, budget_left, slo
