-- Incident of a ticket, as the target that made the ticket remembers it.
SELECT incident_id
FROM correlations
WHERE tenant = {tenant:String} AND target = {target:String} AND (external_id = {external_id:String} OR reference = {reference:String})
ORDER BY at DESC
LIMIT 1
