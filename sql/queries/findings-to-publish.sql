-- Words on findings from an instant on that a topic has not got yet, oldest first. Two processes may have stored one word twice: it counts once.
SELECT finding_key, state, toUnixTimestamp64Milli(detected_at) AS detected_ms, any(findings.body) AS body
FROM findings
WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
  AND (finding_key, detected_at, state) NOT IN
  (
      SELECT finding_key, detected_at, state
      FROM publications
      WHERE tenant = {tenant:String} AND topic = {topic:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
  )
GROUP BY finding_key, state, detected_at
ORDER BY detected_at, finding_key, state
LIMIT {limit:UInt32}
