-- One status update as it stands; of those whose id begins so two are enough to say that it is not unique.
SELECT update_id, incident_id, version, stage, services, partners, title, text, state, at
FROM status_updates_latest
WHERE tenant = {tenant:String} AND startsWith(update_id, {update_id:String})
LIMIT 2
