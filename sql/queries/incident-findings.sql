-- The latest word on each finding from an instant on: what an instance that was killed may not have folded yet.
SELECT body
FROM findings
WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')}
ORDER BY detected_at DESC, window_to DESC, state = 'cleared' DESC
LIMIT 1 BY finding_key
LIMIT {limit:UInt32}
