-- The rhythm of each source in eight days, for watermarks: how many times it brought something, the 95th percentile and the longest time between, in
-- seconds. By the time at which senders handed their files over, so that a history loaded in one go has its own rhythm; sources without
-- files: their batches. What comes within the same minute is one arrival.
SELECT
    source,
    length(minutes) AS arrivals,
    if(arrivals > 1, arrayReduce('quantileExactHigh(0.95)', arrayPopFront(arrayDifference(minutes))), 0) AS usual_seconds,
    if(arrivals > 1, arrayMax(arrayPopFront(arrayDifference(minutes))), 0) AS longest_seconds
FROM
(
    SELECT source, arraySort(groupUniqArray(toUnixTimestamp(toStartOfMinute(at)))) AS minutes
    FROM
    (
        SELECT source, argMax(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)), version) AS at
        FROM files
        WHERE tenant = {tenant:String} AND received_at >= {since:DateTime64(3, 'UTC')} AND received_at <= {until:DateTime64(3, 'UTC')} AND state != 'replay'
        GROUP BY source, sha256, received_at
        UNION ALL
        SELECT source, stored_at AS at
        FROM batches
        WHERE tenant = {tenant:String} AND state = 'stored' AND NOT startsWith(partition, 'sha256:')
            AND planned_at >= {since:DateTime64(3, 'UTC')} AND planned_at <= {until:DateTime64(3, 'UTC')}
    )
    GROUP BY source
)
