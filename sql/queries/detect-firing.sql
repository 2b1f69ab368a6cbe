-- What was last said of every finding in the last 35 days, as a restart needs it.
SELECT detector, finding_key, argMax(body, detected_at) AS body, max(detected_at) AS last_at
FROM findings
WHERE tenant = {tenant:String} AND detected_at >= {since:DateTime64(3, 'UTC')}
GROUP BY detector, finding_key
ORDER BY last_at
