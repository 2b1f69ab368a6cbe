-- Two records in full as their legs state them. The window of event time finds them without reading the table.
SELECT *
FROM usage
WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)}
    AND toStartOfHour(start_time) >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY AND toStartOfHour(start_time) < {to:DateTime64(3, 'UTC')} + INTERVAL 1 DAY
    AND record_id IN {records:Array(UUID)}
LIMIT 4
