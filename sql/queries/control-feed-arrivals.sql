-- Arrivals of every source in five weeks, for S02: how many per hour of the week, the usual and the longest time between them, the latest
-- times between them, and how long after their last event the latest files came. Arrivals closer together than a quarter of the 95th
-- percentile between minutes with arrivals are one arrival. Hour of the week: hours since 1970-01-01 modulo 168. Sources without files:
-- their batches. A file arrives when its sender handed it over (its modification time), so that a history loaded in one go has its own
-- rhythm. `last_lags`, `last_events`: time to arrival (s) and
-- last event (ms) of up to a hundred files, the latest first. `clock_at`: the present of the feeds: the newest such time and what has passed since it came; without a back-fill, now.
WITH
    arrivals AS
    (
        SELECT source, at, event_to, records, charge, is_file, came
        FROM
        (
            SELECT
                source,
                received_at AS came,
                argMax(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)), version) AS at,
                argMax(event_to, version) AS event_to,
                argMax(stored, version) AS records,
                argMax(charge, version) AS charge,
                1 AS is_file
            FROM files
            WHERE tenant = {tenant:String} AND received_at >= {since:DateTime64(3, 'UTC')}
            GROUP BY source, sha256, received_at
            UNION ALL
            SELECT source, stored_at AS came, stored_at AS at, event_to, stored AS records, CAST(0, 'Decimal(18, 6)') AS charge, 0 AS is_file
            FROM batches
            WHERE tenant = {tenant:String} AND state = 'stored' AND NOT startsWith(partition, 'sha256:') AND planned_at >= {since:DateTime64(3, 'UTC')}
        )
    ),
    (SELECT (max(at), argMax(came, at), minIf(at, came >= {watching_since:DateTime64(3, 'UTC')})) FROM arrivals WHERE is_file) AS front,
    greatest(0, dateDiff('millisecond', front.1, front.2)) AS behind_ms,
    sorted AS
    (
        SELECT
            source,
            max(is_file) AS files,
            arraySort(groupUniqArray(toUnixTimestamp(toStartOfMinute(at)))) AS minutes,
            min(at) AS first_at,
            max(at) AS last_at,
            count() AS arrivals,
            sum(charge) AS charge,
            arraySlice(arrayReverseSort(each -> each.1, groupArrayIf((at, dateDiff('second', event_to, at), toUnixTimestamp64Milli(event_to)), is_file AND toUnixTimestamp(event_to) > 0)), 1, 5000) AS lags
        FROM arrivals
        GROUP BY source
    ),
    grouped AS
    (
        SELECT
            source, files, first_at, last_at, arrivals, charge, lags, minutes,
            greatest(60, intDiv(toInt64(if(length(minutes) > 1, arrayReduce('quantileExactHigh(0.95)', arrayPopFront(arrayDifference(minutes))), 0)), 4)) AS width,
            arrayDistinct(arrayMap(minute -> intDiv(toInt64(minute), width), minutes)) AS clusters,
            arrayReduce('sumMap', arrayMap(each -> [intDiv(each * width, 3600) % 168], clusters), arrayMap(each -> [toUInt32(1)], clusters)) AS hours
        FROM sorted
    )
SELECT
    source, first_at, last_at, arrivals, charge,
    {instant:DateTime64(3, 'UTC')} - toIntervalMillisecond(if(files, behind_ms, 0)) AS clock_at,
    if(files AND front.3 > toDateTime64(0, 3, 'UTC'), least(front.3, {watching_since:DateTime64(3, 'UTC')}), {watching_since:DateTime64(3, 'UTC')}) AS watched_from,
    length(clusters) AS clusters_seen,
    if(length(clusters) > 1, arrayReduce('quantileExact(0.5)', arrayPopFront(arrayDifference(clusters))) * width, 0) AS usual_seconds,
    if(length(clusters) > 1, arrayMax(arrayPopFront(arrayDifference(clusters))) * width, 0) AS longest_seconds,
    arrayPopFront(arrayDifference(arraySlice(minutes, -7))) AS recent_gaps,
    arrayMap(hour -> hours.2[indexOf(hours.1, hour)], range(168)) AS by_hour,
    arrayMap(each -> each.2, arraySlice(lags, 1, 3)) AS recent_lags,
    arrayMap(each -> each.2, arraySlice(lags, 1, 100)) AS last_lags,
    arrayMap(each -> each.3, arraySlice(lags, 1, 100)) AS last_events,
    length(lags) AS lags_seen,
    if(length(lags) > 3, arrayReduce('quantileExact(0.99)', arrayMap(each -> each.2, arraySlice(lags, 4))), 0) AS usual_lag
FROM grouped
ORDER BY source
