-- What was last said of one finding.
SELECT state FROM findings
WHERE tenant = {tenant:String} AND finding_key = {finding_key:String}
ORDER BY detected_at DESC
LIMIT 1
