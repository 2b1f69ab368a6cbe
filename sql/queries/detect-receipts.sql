-- The latest receipts of files of each source in order of arrival, for watermarks: their numbers, of which one may be missing, and the event times
-- that they brought. A file that came again (replay) or could not be read says nothing. `handed_at`: when the sender handed it over.
-- `eventless`: the file was read to its end and held no record.
SELECT source, ifNull(number, 0) AS sequence, number IS NOT NULL AS numbered, sha256, last_state = 'empty' OR (last_state = 'stored' AND records = 0) AS eventless, received_at, handed_at, event_from, event_to
FROM
(
    SELECT
        source, sha256, received_at,
        argMax(sequence, version) AS number, argMax(state, version) AS last_state,
        argMax(stored + rejected, version) AS records,
        argMax(if(toUnixTimestamp(modified_at) = 0, received_at, least(modified_at, received_at)), version) AS handed_at,
        argMax(event_from, version) AS event_from, argMax(event_to, version) AS event_to
    FROM files
    WHERE tenant = {tenant:String} AND received_at >= {since:DateTime64(3, 'UTC')} AND received_at <= {until:DateTime64(3, 'UTC')}
    GROUP BY source, sha256, received_at
    ORDER BY received_at DESC, number DESC
    LIMIT 200 BY source
)
WHERE last_state NOT IN ('replay', 'rejected')
ORDER BY source, received_at, number
