-- The review of one incident as it stands.
SELECT incident_id, version, cause, cause_text, useful, satisfaction, whys, root_cause, lessons, actor, at
FROM incident_reviews
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String}
ORDER BY version DESC
LIMIT 1
