-- Calls of each slice, and those that were answered or ended by what people did.
SELECT
    toStartOfInterval(minute, toIntervalSecond({slice_seconds:UInt32})) AS at,
    sumIf(records, answered > 0 OR cause_class IN ('normal', 'user')) AS good,
    sum(records) AS total
FROM usage_minute
WHERE tenant = {tenant:String} AND leg = 'switch' AND service = 'voice'
    AND minute >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND minute < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
GROUP BY at
