-- Evidence of S20: records of a node in an hour whose length or time cannot be, and the starts of the same usage as other legs state them.
SELECT node, start_time, end_time, duration_seconds, billable_seconds, octets_up + octets_down AS octets, flags, charge, charging_id, record_id, other_legs
FROM usage
LEFT JOIN
(
    SELECT charging_id, groupArray(5)((leg, start_time)) AS other_legs
    FROM usage
    WHERE tenant = {tenant:String} AND leg != {leg:String} AND charging_id != ''
        AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC')) - INTERVAL 3 HOUR
        AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC') + INTERVAL 3 HOUR
    GROUP BY charging_id
) AS others USING (charging_id)
WHERE tenant = {tenant:String} AND leg = {leg:String} AND node = {node:String}
    AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC'))
    AND start_time >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND start_time < parseDateTime64BestEffort({to:String}, 3, 'UTC')
ORDER BY duration_seconds DESC, start_time
LIMIT 1000
