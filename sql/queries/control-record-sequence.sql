-- Records with sequence numbers of a leg by node and file (or posted batch), from six hours before the window on, for S04: lowest and highest number,
-- how many different ones, and when they took place. `whole`: all of the file lies within the hours that were read. `lacking`: records that were
-- rejected or left out by a rule, or that the file declares and does not hold, which S12 and S03 tell of; `file_sequence`: its own number, -1 = none, for S01.
WITH
    toStartOfHour({from:DateTime64(3, 'UTC')}) - INTERVAL 6 HOUR AS reads_from,
    ledger AS
    (
        SELECT source, unit, min(event_from) AS unit_from, sum(refused) AS refused
        FROM
        (
            SELECT
                source, partition, first, if(startsWith(partition, 'sha256:'), toString(any(file)), toString(max(planned_at))) AS unit,
                argMax(batches.event_from, batches.stored_at) AS event_from, argMax(rejected + arraySum(mapValues(mapFilter((rule, n) -> rule NOT IN ('header', 'trailer', 'comment', 'blank', 'empty'), dropped_by))), batches.stored_at) AS refused
            FROM batches
            WHERE tenant = {tenant:String} AND state = 'stored' AND event_to >= reads_from
            GROUP BY source, partition, first
        )
        GROUP BY source, unit
    ),
    receipts AS
    (
        SELECT
            source, name AS unit, argMax(sequence, (received_at, version)) AS number,
            argMax(declared_records, (received_at, version)) AS declared, argMax(stored + rejected, (received_at, version)) AS held
        FROM files
        WHERE tenant = {tenant:String} AND state != 'replay' AND event_to >= reads_from
        GROUP BY source, name
    )
SELECT
    source, node, unit, lowest, highest, numbers, began_at, ended_at, toUInt8(ledger.unit_from >= reads_from) AS whole,
    ledger.refused + greatest(0, toInt64(ifNull(receipts.declared, receipts.held)) - toInt64(receipts.held)) AS lacking,
    toInt64(ifNull(receipts.number, -1)) AS file_sequence, service
FROM
(
    SELECT
        source, node, if(file = '', toString(ingest_time), file) AS unit,
        min(local_sequence) AS lowest, max(local_sequence) AS highest, uniqExact(local_sequence) AS numbers,
        min(start_time) AS began_at, max(greatest(start_time, end_time)) AS ended_at, topK(1)(service)[1] AS service
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND local_sequence > 0 AND toStartOfHour(start_time) >= reads_from
    GROUP BY source, node, unit
) AS units
INNER JOIN ledger USING (source, unit)
LEFT JOIN receipts USING (source, unit)
ORDER BY source, node, ended_at, lowest
LIMIT 100000
