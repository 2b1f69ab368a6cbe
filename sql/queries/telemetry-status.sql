-- How the devices behind each PON stand, by what they said since an instant: of those that are down or silent since when, and whether they
-- said that their power went. The PON of a device is its parent in the topology; without one, its name up to the last slash. A device
-- is silent when its node said newer things of others for three of its usual intervals, a minute and a half at least, as far as its
-- source is complete; that it is down is believed at once.
WITH
    marks AS
    (
        SELECT toString(source) AS of_source, argMax(complete_to, updated_at) AS reached
        FROM watermarks
        WHERE tenant = {tenant:String} AND leg = 'measurement' AND node = ''
        GROUP BY of_source
    ),
    parents AS
    (
        SELECT child, argMax(parent, valid_from) AS parent
        FROM
        (
            SELECT parent, child, valid_from, valid_to
            FROM topology_edges
            WHERE tenant = {tenant:String} AND child_type = 'ont' AND parent_type = 'pon' AND valid_from <= {instant:DateTime64(3, 'UTC')}
            ORDER BY ingest_time DESC, position DESC
            LIMIT 1 BY parent, child, valid_from
        )
        WHERE valid_to > {instant:DateTime64(3, 'UTC')} OR toUnixTimestamp64Milli(valid_to) = 0
        GROUP BY child
    ),
    devices AS
    (
        SELECT
            device,
            any(toString(source)) AS of_source,
            any(node) AS of_node,
            any(site) AS of_site,
            max(event_time) AS seen,
            argMax(value, event_time) AS standing,
            maxIf(event_time, value > 0) AS up_at,
            arraySort(groupArrayIf(500)(event_time, value <= 0)) AS down_times,
            argMaxIf(toString(recent_readings.reason), event_time, value <= 0) AS reason,
            greatest(30., dateDiff('second', min(event_time), max(event_time)) / greatest(1, uniqExact(toStartOfMinute(event_time)) - 1)) AS interval_seconds
        FROM recent_readings
        WHERE tenant = {tenant:String} AND metric IN {status_metrics:Array(String)}
            AND hour >= toStartOfHour(toDateTime({since:DateTime64(3, 'UTC')}, 'UTC'), 'UTC') AND event_time >= {since:DateTime64(3, 'UTC')} AND event_time <= {instant:DateTime64(3, 'UTC')}
        GROUP BY device
    ),
    judged AS
    (
        SELECT
            *,
            max(seen) OVER (PARTITION BY of_node) AS heard,
            if(toUnixTimestamp64Milli(marks.reached) = 0, heard, least(heard, marks.reached)) AS newest,
            if(standing <= 0, arrayFirst(each -> each > up_at, down_times), toDateTime64(0, 3, 'UTC')) AS down_at,
            standing > 0 AND dateDiff('second', seen, newest) > greatest(90., 3 * interval_seconds) AS silent,
            if(parents.parent != '', parents.parent, if(position(device, '/') > 0, arrayStringConcat(arrayPopBack(splitByChar('/', device)), '/'), '')) AS pon
        FROM devices
        LEFT JOIN parents ON parents.child = devices.device
        LEFT JOIN marks ON marks.of_source = devices.of_source
    )
SELECT
    pon,
    any(of_node) AS node,
    any(of_site) AS site,
    max(heard) AS complete_to,
    count() AS devices,
    groupArrayIf(1024)(device, standing <= 0 OR silent) AS names,
    groupArrayIf(1024)(toUnixTimestamp64Milli(if(silent, seen, down_at)), standing <= 0 OR silent) AS since,
    groupArrayIf(1024)(toUInt8(silent), standing <= 0 OR silent) AS silents,
    groupArrayIf(1024)(toUInt8(position(reason, 'power') > 0 OR position(reason, 'dying') > 0), standing <= 0 OR silent) AS powers
FROM judged
WHERE pon != ''
GROUP BY pon
ORDER BY pon
LIMIT 100000
