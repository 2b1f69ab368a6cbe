-- Numbered files of the sources that brought something, in order of arrival, the latest 2,000 of each; for S01.
-- One row per receipt in its latest state; a file that came again unchanged (replay) is no second number. `handed_at`: when the sender
-- handed the file over, which its modification time says also where it was loaded long after.
SELECT source, toUInt64(assumeNotNull(numbered.sequence)) AS sequence, sha256, name, received_at, handed_at, records, charge
FROM
(
    SELECT
        source,
        sha256,
        received_at,
        argMax(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)), version) AS handed_at,
        argMax(sequence, version) AS sequence,
        argMax(name, version) AS name,
        argMax(state, version) AS last_state,
        argMax(stored, version) AS records,
        argMax(charge, version) AS charge
    FROM files
    WHERE tenant = {tenant:String} AND source IN {sources:Array(String)} AND received_at >= {since:DateTime64(3, 'UTC')}
    GROUP BY source, sha256, received_at
) AS numbered
-- By its table: the alias of the same name is never NULL.
WHERE numbered.sequence IS NOT NULL AND last_state != 'replay'
ORDER BY source, received_at DESC, sequence DESC
LIMIT 2000 BY source
