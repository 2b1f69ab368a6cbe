-- About how many customers a day has: those of usage and those whose line was read.
SELECT
    (
        SELECT uniq(subscriber)
        FROM usage
        WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service IN ('voice', 'sms', 'mms', 'data')
            AND toStartOfHour(start_time) >= {from:DateTime64(3, 'UTC')} AND toStartOfHour(start_time) < {to:DateTime64(3, 'UTC')}
    ) + (
        SELECT uniq(device)
        FROM measurements
        WHERE tenant = {tenant:String} AND metric IN {online_metrics:Array(String)} AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')} AND ingest_time >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
    ) AS customers
