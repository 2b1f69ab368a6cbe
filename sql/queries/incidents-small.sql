-- Incidents of low severity that opened in a stretch, as they stand: for the digest.
SELECT body
FROM
(
    SELECT incident_id, state, severity, category, body
    FROM incidents
    WHERE tenant = {tenant:String} AND incident_id IN
    (
        SELECT incident_id FROM incidents
        WHERE tenant = {tenant:String} AND sequence = 1 AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}
    )
    ORDER BY sequence DESC, at
    LIMIT 1 BY incident_id
)
WHERE severity >= {severity:UInt8} AND category != 'digest' AND JSONExtractString(body, 'merged_into') = ''
ORDER BY severity, incident_id
LIMIT {limit:UInt32}
