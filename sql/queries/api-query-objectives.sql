-- Objectives that were ever judged.
SELECT DISTINCT slo AS value FROM slo_state WHERE tenant = {tenant:String} ORDER BY value LIMIT 1000
