-- The earliest bucket that a part of a detector can learn from: of usage by leg, of devices and of the life cycle as a whole. The hours before the first file
-- that was loaded bring only the ends of what lasts long; taken for a habit they would teach every small series a level and a week that are wrong for weeks. So
-- usage begins with the first hour that has a quarter of the records of an hour in the middle of the first two days.
SELECT leg AS part, toString(min(hour)) AS earliest
FROM
(
    SELECT leg, hour, total, quantileExactIf(0.5)(total, hour < first + INTERVAL 2 DAY) OVER (PARTITION BY leg) AS usual
    FROM
    (
        SELECT leg, hour, total, min(hour) OVER (PARTITION BY leg) AS first
        FROM (SELECT leg, hour, sum(records) AS total FROM usage_hour WHERE tenant = {tenant:String} AND hour >= toDateTime({since:DateTime64(3, 'UTC')}) GROUP BY leg, hour)
    )
)
WHERE total >= usual / 4
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
