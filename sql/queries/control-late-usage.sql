-- Records stored since the last look by how old they were when their sender handed them over, for S11: one row per source and file (or posted
-- batch). Age: from the end of the event to the modification time of the file, or to when the batch was built. `late_after`: seconds from which a
-- record of the source is late, by the earlier files or batches of four weeks (`arrivals_before`): twice the 99th percentile of the time from their oldest event to hand-over.
-- `ages`: records up to a day, a week, 30, 60 days old and older; `late`, `aged` and their charges: beyond `late_after` and a day, beyond 60 days.
WITH
    greatest({changed_from:DateTime64(3, 'UTC')}, {since:DateTime64(3, 'UTC')}) AS fresh_from,
    {changed_to:DateTime64(3, 'UTC')} AS fresh_to,
    receipts AS
    (
        SELECT
            source, sha256, received_at,
            argMax(name, version) AS name,
            argMax(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)), version) AS handed_at,
            argMax(event_from, version) AS oldest,
            argMax(state, version) AS last_state
        FROM files
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND received_at >= {since:DateTime64(3, 'UTC')}
        GROUP BY source, sha256, received_at
    ),
    habits AS
    (
        SELECT source, count() AS known_before, 2 * quantileExact(0.99)(greatest(0, dateDiff('second', oldest, handed_at))) AS habit
        FROM
        (
            SELECT source, oldest, handed_at
            FROM receipts
            WHERE received_at < fresh_from AND last_state = 'stored'
            UNION ALL
            SELECT source, event_from AS oldest, stored_at AS handed_at
            FROM batches
            WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND state = 'stored' AND NOT startsWith(partition, 'sha256:')
                AND planned_at >= {since:DateTime64(3, 'UTC')} AND planned_at < fresh_from
        )
        WHERE toUnixTimestamp(oldest) > 0
        GROUP BY source
    ),
    fresh AS
    (
        SELECT
            source, leg, service, file, ingest_time, subscriber, start_time, record_id,
            if(currency = {currency:String}, usage.charge, toDecimal64(0, 6)) AS charged,
            greatest(start_time, end_time) AS ended,
            if(handed.at > toDateTime64(0, 3, 'UTC'), handed.at, ingest_time) AS handed_at,
            dateDiff('second', ended, handed_at) AS age
        FROM usage
        LEFT JOIN (SELECT source, name, max(handed_at) AS at FROM receipts WHERE last_state != 'replay' GROUP BY source, name) AS handed
            ON handed.source = usage.source AND handed.name = usage.file
        WHERE tenant = {tenant:String} AND usage.source IN {sources:Array(String)} AND ingest_time BETWEEN fresh_from AND fresh_to
            AND toStartOfHour(start_time) IN
            (
                SELECT bucket FROM changed_buckets WHERE tenant = {tenant:String} AND `table` = 'usage' AND ingest_time BETWEEN fresh_from AND fresh_to
            )
    )
SELECT
    source, file, ingest_time AS at, any(leg) AS leg, topK(1)(service)[1] AS service, count() AS records, any(known_before) AS arrivals_before, any(habit) AS late_after,
    [countIf(age <= 86400), countIf(age > 86400 AND age <= 604800), countIf(age > 604800 AND age <= 2592000), countIf(age > 2592000 AND age <= 5184000), countIf(age > 5184000)] AS ages,
    countIf(age > 86400 AND age > habit) AS late,
    sumIf(charged, age > 86400 AND age > habit) AS late_charge,
    countIf(age > 5184000) AS aged,
    sumIf(charged, age > 5184000) AS aged_charge,
    minIf(start_time, age > 86400 AND age > habit) AS late_from,
    maxIf(start_time, age > 86400 AND age > habit) AS late_to,
    uniqExactIf(subscriber, subscriber != 0 AND age > 86400 AND age > habit) AS customers,
    groupArrayIf(5)(toString(record_id), age > 86400 AND age > habit) AS samples
FROM fresh
LEFT JOIN habits USING (source)
GROUP BY source, file, ingest_time
ORDER BY source, at, file
