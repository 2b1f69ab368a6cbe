-- Evidence of S04: the numbers of a node next to each gap, in order.
SELECT sequence_before + 1 AS missing_from, local_sequence - 1 AS missing_to, local_sequence - sequence_before - 1 AS missing, file_before, file, start_time, record_id
FROM
(
    SELECT
        local_sequence, file, start_time, record_id,
        lagInFrame(local_sequence) OVER numbered AS sequence_before,
        lagInFrame(file) OVER numbered AS file_before
    FROM usage
    WHERE tenant = {tenant:String} AND leg = {leg:String} AND source = {source:String} AND node = {node:String} AND local_sequence > 0
        AND toStartOfHour(start_time) >= toStartOfHour(parseDateTime64BestEffort({from:String}, 3, 'UTC')) - INTERVAL 1 HOUR
        AND toStartOfHour(start_time) <= toStartOfHour(parseDateTime64BestEffort({to:String}, 3, 'UTC')) + INTERVAL 1 HOUR
    WINDOW numbered AS (ORDER BY local_sequence ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
)
WHERE sequence_before > 0 AND local_sequence > sequence_before + 1 AND local_sequence BETWEEN {lowest:UInt64} AND {highest:UInt64}
ORDER BY local_sequence
LIMIT 1000
