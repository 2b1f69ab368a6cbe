-- Transitions of the incidents that opened within a stretch, for how long each state lasted.
SELECT
    incident_id,
    argMax(incidents.severity, sequence) AS severity,
    toUnixTimestamp64Milli(min(incidents.began_at)) AS began_ms,
    toUnixTimestamp64Milli(min(incidents.detected_at)) AS detected_ms,
    arraySort(groupUniqArray((toUInt32(sequence), transition, state, toUnixTimestamp64Milli(at), greatest(1, JSONExtractUInt(body, 'line'))))) AS steps
FROM incidents
WHERE tenant = {tenant:String} AND category != 'digest' AND incident_id IN
(
    SELECT incident_id
    FROM incidents
    WHERE tenant = {tenant:String} AND sequence = 1 AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}
)
GROUP BY incident_id
ORDER BY incident_id
LIMIT {limit:UInt32}
