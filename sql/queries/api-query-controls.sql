-- Controls that ever judged something.
SELECT DISTINCT control AS value FROM control_results WHERE tenant = {tenant:String} ORDER BY value LIMIT 1000
