-- What incidents before one are compared by: those of its category, its detector or its metric, the latest first.
SELECT
    incident_id, title, state, severity, detected_at,
    JSONExtractString(body, 'finding', 'detector') AS detector,
    JSONExtractString(body, 'finding', 'metric') AS metric,
    JSONExtract(body, 'finding', 'scope', 'Map(String, String)') AS scope,
    JSONExtract(body, 'explanation', 1, 'dimensions', 'Map(String, String)') AS explanation,
    ifNull(reviews.cause, '') AS cause,
    ifNull(reviews.root_cause, '') AS root_cause
FROM incident_latest
LEFT JOIN (SELECT incident_id AS reviewed, cause, root_cause FROM incident_reviews_latest WHERE tenant = {tenant:String}) AS reviews ON reviewed = incident_latest.incident_id
WHERE tenant = {tenant:String} AND incident_id != {incident_id:String} AND detected_at <= {before:DateTime64(3, 'UTC')}
    AND (category = {category:String} OR detector = {detector:String} OR metric = {metric:String})
ORDER BY detected_at DESC
LIMIT 5000
