-- What was recovered of one incident so far.
SELECT sum(amount) AS amount
FROM recoveries
WHERE tenant = {tenant:String} AND incident_id = {incident_id:String}
