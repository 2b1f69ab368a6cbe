-- Incidents that opened in a stretch, as they stand, with what people said of them: the cause they are filed under, whether they were noise.
SELECT
    latest.incident_id AS incident_id,
    latest.category AS category,
    latest.severity AS severity,
    latest.state AS state,
    latest.title AS title,
    latest.customers AS customers,
    JSONExtractString(latest.body, 'finding', 'detector') AS detector,
    JSONExtractString(latest.body, 'finding', 'metric') AS metric,
    review.cause AS cause,
    review.useful AS useful,
    said.verdict AS verdict
FROM incident_latest AS latest
LEFT JOIN (SELECT incident_id, cause, useful FROM incident_reviews_latest WHERE tenant = {tenant:String}) AS review USING (incident_id)
LEFT JOIN (SELECT incident_id, argMax(verdicts.verdict, verdicts.at) AS verdict FROM verdicts WHERE tenant = {tenant:String} AND incident_id != '' GROUP BY incident_id) AS said USING (incident_id)
WHERE tenant = {tenant:String} AND latest.category != 'digest' AND JSONExtractString(latest.body, 'merged_into') = ''
    AND latest.incident_id IN (SELECT incident_id FROM incidents WHERE tenant = {tenant:String} AND sequence = 1 AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')})
ORDER BY severity, incident_id
LIMIT 100000
