-- Words of findings from an instant on of which nobody has decided yet what becomes of them, the oldest first.
SELECT finding_key, detected_at, state, any(findings.body) AS body
FROM findings
WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
  AND (finding_key, detected_at, state) NOT IN
  (
      SELECT finding_key, detected_at, state
      FROM incident_findings
      WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
  )
GROUP BY finding_key, detected_at, state
ORDER BY detected_at, finding_key, state DESC
LIMIT {limit:UInt32}
