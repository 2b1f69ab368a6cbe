-- Whether what is open after the pass by time would pair if one clock were moved: the commonest difference of start, in seconds, among
-- records of one subscriber, service, other party and equal whole units within 26 hours. `records`: how many A records it would place;
-- `open_a`: how many were looked at, at most 100,000.
WITH
    open_records AS
    (
        SELECT
            record_a != toUUID('00000000-0000-0000-0000-000000000000') AS is_a, subscriber, service, other_party_suffix,
            intDiv(ms_a + ms_b, 1000) AS whole_seconds, octets_a + octets_b AS volume, events_a + events_b AS events,
            toUnixTimestamp64Milli(if(is_a, start_a, start_b)) AS at
        FROM reconciliation_open
        WHERE tenant = {tenant:String} AND run = {run:UInt64} AND pass = 2 AND class = '' AND subscriber != 0
    ),
    some_of_a AS (SELECT * FROM open_records WHERE is_a ORDER BY cityHash64(subscriber, at) LIMIT 100000)
SELECT
    toInt64(round((b.at - a.at) / 1000)) AS seconds, uniqExact(a.subscriber, a.at) AS records, (SELECT count() FROM some_of_a) AS open_a,
    (SELECT countIf(NOT is_a) FROM open_records) AS open_b
FROM some_of_a AS a
INNER JOIN (SELECT * FROM open_records WHERE NOT is_a) AS b USING (subscriber, service, other_party_suffix, whole_seconds, volume, events)
WHERE abs(b.at - a.at) <= 93600000
GROUP BY seconds
ORDER BY records DESC, abs(seconds)
LIMIT 1
SETTINGS max_threads = 2
