-- Files of a day that declare totals, with what was read from them, for S03. Header, trailer and blank lines are no records.
-- `declared_lost`, `closure_reason`: what the sender says of itself; `declared_from`, `declared_to`: events lie within, 1970-01-01 = not stated.
-- `handed_at`: when the sender handed the file over; `previous_at`: the file of the source before it, 1970-01-01 = none.
SELECT
    source, sha256, name, received_at, handed_at, event_from, event_to,
    ifNull(lagInFrame(toNullable(handed_at)) OVER (PARTITION BY source ORDER BY handed_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), toDateTime64(0, 3, 'UTC')) AS previous_at,
    declared.1 AS declared_records, declared.2 AS declared_seconds, declared.3 AS declared_octets, declared.4 AS declared_charge,
    lost.1 AS declared_lost, lost.2 AS closure_reason, lost.3 AS declared_from, lost.4 AS declared_to,
    stored + rejected + (dropped - least(dropped, structural)) AS records,
    rejected, seconds, octets, charge
FROM
(
    SELECT
        source, sha256, received_at,
        argMax(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)), version) AS handed_at,
        argMax(event_from, version) AS event_from,
        argMax(event_to, version) AS event_to,
        argMax(name, version) AS name,
        argMax(state, version) AS last_state,
        argMax((declared_records, declared_seconds, declared_octets, declared_charge), version) AS declared,
        argMax((declared_lost, closure_reason, declared_from, declared_to), version) AS lost,
        argMax(stored, version) AS stored,
        argMax(rejected, version) AS rejected,
        argMax(dropped, version) AS dropped,
        argMax(seconds, version) AS seconds,
        argMax(octets, version) AS octets,
        argMax(charge, version) AS charge
    FROM files
    WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND received_at >= {since:DateTime64(3, 'UTC')}
    GROUP BY source, sha256, received_at
) AS receipts
LEFT JOIN
(
    SELECT source, sha256, sum(arraySum(mapValues(mapFilter((rule, n) -> rule IN ('header', 'trailer', 'comment', 'blank', 'empty'), dropped_by)))) AS structural
    FROM
    (
        SELECT source, replaceOne(partition, 'sha256:', '') AS sha256, first, argMax(dropped_by, stored_at) AS dropped_by
        FROM batches
        WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND state = 'stored'
            AND planned_at >= {since:DateTime64(3, 'UTC')} AND dropped > 0
        GROUP BY source, partition, first
    )
    GROUP BY source, sha256
) AS ledger USING (source, sha256)
WHERE last_state = 'stored'
ORDER BY source, received_at
