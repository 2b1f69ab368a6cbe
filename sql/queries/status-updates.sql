-- What was published, the latest first; `service` and `partner`: empty means any service, and the public.
SELECT update_id, incident_id, stage, services, partners, title, text, at
FROM status_updates_latest
WHERE tenant = {tenant:String} AND state = 'published'
    AND ({service:String} = '' OR empty(services) OR has(services, {service:String}))
    AND (({partner:String} = '' AND empty(partners)) OR ({partner:String} != '' AND (empty(partners) OR has(partners, {partner:String}))))
    AND ({incident_id:String} = '' OR incident_id = {incident_id:String})
ORDER BY at DESC, update_id DESC
LIMIT {limit:UInt32}
