-- What was last said of every finding of one detector, from an instant on.
SELECT argMax(findings.body, detected_at) AS body
FROM findings
WHERE tenant = {tenant:String} AND detector = {detector:String} AND detected_at >= {since:DateTime64(3, 'UTC')}
GROUP BY finding_key
