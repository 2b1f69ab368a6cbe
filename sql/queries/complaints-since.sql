-- Whether there are complaints in a stretch of time, and how many.
SELECT count() AS complaints, max(event_time) AS last_at FROM complaints
WHERE tenant = {tenant:String} AND event_time >= {from:DateTime64(3, 'UTC')}
