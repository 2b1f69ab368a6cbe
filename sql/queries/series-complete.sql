-- How far records without a leg have come in event time: by kind the newest event of each source that brought any in the last day, the
-- slowest of them that is not abandoned. A time ahead of its own arrival is a wrong clock and does not count.
SELECT if(kind = 'measurement', 'measurements', 'lifecycle') AS part, toString(min(newest)) AS complete_to
FROM
(
    SELECT kind, source, max(least(event_to, planned_at)) AS newest, max(newest) OVER (PARTITION BY kind) AS first
    FROM batches
    WHERE tenant = {tenant:String} AND kind IN ('measurement', 'lifecycle') AND state = 'stored' AND stored > 0
        AND planned_at >= {since:DateTime64(3, 'UTC')} AND planned_at <= {until:DateTime64(3, 'UTC')}
    GROUP BY kind, source
)
WHERE newest >= first - INTERVAL 1 DAY
GROUP BY part
