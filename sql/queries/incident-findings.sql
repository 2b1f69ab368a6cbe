-- The latest word on each finding from an instant on: what may not have been folded yet. A key of which one moment says two things is
-- left out: only who said them knows which came last.
SELECT any(body) AS body
FROM
(
    SELECT finding_key, body, state, detected_at, max(detected_at) OVER (PARTITION BY finding_key) AS latest
    FROM findings
    WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
)
WHERE detected_at = latest
GROUP BY finding_key
HAVING uniqExact(state) = 1
ORDER BY max(detected_at) DESC
LIMIT {limit:UInt32}
