-- The earliest bucket that a part of a detector can learn from: of usage by leg, of devices and of the life cycle as a whole.
SELECT leg AS part, toString(min(minute)) AS earliest
FROM usage_minute
WHERE tenant = {tenant:String} AND minute >= toDateTime({since:DateTime64(3, 'UTC')})
GROUP BY leg
UNION ALL
SELECT 'measurements' AS part, toString(min(event_time)) AS earliest
FROM measurements
WHERE tenant = {tenant:String} AND event_time >= {since:DateTime64(3, 'UTC')}
HAVING count() > 0
UNION ALL
SELECT 'lifecycle' AS part, toString(min(event_time)) AS earliest
FROM lifecycle
WHERE tenant = {tenant:String} AND event_time >= {since:DateTime64(3, 'UTC')}
HAVING count() > 0
