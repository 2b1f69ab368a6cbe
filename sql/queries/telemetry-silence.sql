-- How many devices of each node, site, and model with firmware there are, and how many of them have said nothing for three of their usual
-- intervals, as far as their source is complete: what it has not brought yet is no silence. Where nothing is known of a source, up to the
-- newest reading of it. A device counts once it was heard of three times.
WITH
    marks AS
    (
        SELECT toString(source) AS of_source, argMax(complete_to, updated_at) AS reached
        FROM watermarks
        WHERE tenant = {tenant:String} AND leg = 'measurement' AND node = ''
        GROUP BY of_source
    ),
    devices AS
    (
        SELECT
            device,
            any(toString(source)) AS of_source,
            any(node) AS of_node,
            any(site) AS of_site,
            any(concat(toString(model), ' ', toString(firmware))) AS of_firmware,
            max(event_time) AS seen,
            uniqExact(toStartOfMinute(event_time)) AS times,
            greatest(30., dateDiff('second', min(event_time), max(event_time)) / greatest(1, times - 1)) AS interval_seconds
        FROM recent_readings
        WHERE tenant = {tenant:String} AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC')
            AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')} AND metric NOT IN {power_metrics:Array(String)}
        GROUP BY device
        HAVING times >= 3
    ),
    stood AS
    (
        SELECT
            *,
            count() OVER () AS all_heard,
            max(seen) OVER (PARTITION BY of_source) AS heard,
            if(toUnixTimestamp64Milli(marks.reached) = 0, heard, least(heard, marks.reached)) AS newest,
            dateDiff('second', seen, newest) > greatest(90., 3 * interval_seconds) AS silent
        FROM devices
        LEFT JOIN marks ON marks.of_source = devices.of_source
    ),
    judged AS (SELECT *, countIf(silent) OVER () AS all_away FROM stood)
SELECT
    tupleElement(grouped, 1) AS dimension,
    tupleElement(grouped, 2) AS name,
    count() AS devices,
    countIf(silent) AS silent_devices,
    any(all_heard) AS all_devices,
    any(all_away) AS all_silent,
    groupArrayIf(1000)(device, silent) AS names,
    toUnixTimestamp64Milli(if(silent_devices = 0, max(newest), quantileExactIf(0.5)(seen, silent))) AS since,
    max(newest) AS complete_to
FROM judged
ARRAY JOIN [('node', toString(of_node)), ('site', toString(of_site)), ('firmware', of_firmware)] AS grouped
WHERE name NOT IN ('', ' ')
GROUP BY dimension, name
ORDER BY dimension, name
LIMIT 50000
