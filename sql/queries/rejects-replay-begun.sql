-- Rejects of a source whose replay was planned but not finished: a crash cut it short. In the order in which it took them.
SELECT rejects.partition AS partition, rejects.position AS position, rejects.record_id AS record_id, header,
  base64Encode(bytes) AS bytes_base64, begun.replay_partition AS replay_partition
FROM rejects
INNER JOIN
(
    SELECT record_id, any(replay_partition) AS replay_partition
    FROM replays
    WHERE tenant = {tenant:String} AND source = {source:String}
    GROUP BY record_id
    HAVING countIf(outcome != 'planned') = 0
) AS begun ON begun.record_id = rejects.record_id
WHERE tenant = {tenant:String} AND source = {source:String}
ORDER BY replay_partition, ingest_time, rejects.partition, rejects.position
