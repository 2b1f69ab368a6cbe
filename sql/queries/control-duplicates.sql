-- What was stored or came again since the last look, for S10. `records`: each batch with how many of its records repeat an earlier
-- one of the same leg by business key, wherever and whenever that came, and what they charge. `file`: files that came again unchanged,
-- with the records, the name (second of `samples`) and the event times of the first of that content. `began_at`: event time.
-- The hours that the batches touched keep the reading of usage to those; keys are looked up in their own order.
WITH
    greatest({changed_from:DateTime64(3, 'UTC')}, {since:DateTime64(3, 'UTC')}) AS fresh_from,
    {changed_to:DateTime64(3, 'UTC')} AS fresh_to,
    fresh AS
    (
        SELECT leg, business_key, source, file, ingest_time
        FROM usage
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND ingest_time BETWEEN fresh_from AND fresh_to AND business_key != 0
            AND toStartOfHour(start_time) IN
            (
                SELECT bucket FROM changed_buckets WHERE tenant = {tenant:String} AND `table` = 'usage' AND ingest_time BETWEEN fresh_from AND fresh_to
            )
    ),
    again AS
    (
        SELECT leg, business_key, min((ingest_time, record_id)) AS original
        FROM usage_keys
        WHERE tenant = {tenant:String} AND (leg, business_key) IN (SELECT leg, business_key FROM fresh)
        GROUP BY leg, business_key
        HAVING uniqExact(record_id) > 1
    ),
    repeats AS
    (
        SELECT source, file, ingest_time, record_id, start_time, charge, subscriber, segment
        FROM usage
        INNER JOIN again USING (leg, business_key)
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND ingest_time BETWEEN fresh_from AND fresh_to
            AND (ingest_time, record_id) != original
            AND toStartOfHour(start_time) IN
            (
                SELECT bucket FROM changed_buckets WHERE tenant = {tenant:String} AND `table` = 'usage' AND ingest_time BETWEEN fresh_from AND fresh_to
            )
    )
SELECT *
FROM
(
    SELECT 'records' AS what, source, file, ingest_time AS at, records, repeated, charge, subscribers, samples, began_at, ended_at AS event_to, began_at AS event_from
    FROM
    (
        SELECT source, file, ingest_time, count() AS records
        FROM fresh
        GROUP BY source, file, ingest_time
    ) AS batch
    LEFT JOIN
    (
        SELECT
            source, file, ingest_time,
            uniqExact(record_id) AS repeated,
            min(start_time) AS began_at,
            max(start_time) AS ended_at,
            sum(repeats.charge) AS charge,
            uniqExactIf(subscriber, subscriber != 0) AS subscribers,
            arrayMap(each -> toString(each), groupArray(5)(record_id)) AS samples
        FROM repeats
        GROUP BY source, file, ingest_time
    ) AS counted USING (source, file, ingest_time)
    UNION ALL
    SELECT
        'file' AS what, source, again.name AS file, again.received_at AS at, original.stored AS records, toUInt64(1) AS repeated,
        CAST(0, 'Decimal(38, 6)') AS charge, toUInt64(0) AS subscribers, [sha256, original.name] AS samples,
        again.handed_at AS began_at, original.event_to AS event_to, original.event_from AS event_from
    FROM
    (
        SELECT source, sha256, name, received_at, if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)) AS handed_at
        FROM files
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND received_at BETWEEN fresh_from AND fresh_to AND state = 'replay'
    ) AS again
    LEFT JOIN
    (
        SELECT source, sha256, argMin(name, received_at) AS name, argMin(stored, received_at) AS stored,
            argMin(event_from, received_at) AS event_from, argMin(event_to, received_at) AS event_to
        FROM files
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND state = 'stored'
        GROUP BY source, sha256
    ) AS original USING (source, sha256)
)
ORDER BY source, at, what DESC
