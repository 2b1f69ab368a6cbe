-- The latest word on each of some findings.
SELECT argMax(body, (detected_at, state)) AS body
FROM findings
WHERE tenant = {tenant:String} AND finding_key IN {keys:Array(String)}
GROUP BY finding_key
