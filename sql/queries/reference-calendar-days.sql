-- Days that are not ordinary, as they were last stated: what was sent again replaces what was sent before.
SELECT calendar, day, day_type, name
FROM calendar_days
WHERE tenant = {tenant:String}
ORDER BY ingest_time DESC, position DESC
LIMIT 1 BY calendar, day
