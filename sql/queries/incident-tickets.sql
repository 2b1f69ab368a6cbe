-- What an incident is called in other systems, the latest name of each target.
SELECT target, argMax(external_id, at) AS external_id, argMax(reference, at) AS reference, min(correlations.at) AS since
FROM correlations
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String}
GROUP BY target
ORDER BY target
