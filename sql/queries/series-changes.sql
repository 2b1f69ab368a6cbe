-- Changes to networks, systems and prices that took effect around the beginning of a finding: its first suspects.
SELECT change_id, any(summary) AS what, any(event_time) AS at, any(scope) AS touches
FROM change_events
WHERE tenant = {tenant:String} AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time <= {to:DateTime64(3, 'UTC')}
GROUP BY change_id
ORDER BY at DESC
LIMIT 1000
