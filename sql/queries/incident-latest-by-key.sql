-- The latest transition of the latest incident of each key. Times of a key only grow.
SELECT body
FROM incidents
WHERE tenant = {tenant:String} AND incident_key IN {keys:Array(String)}
ORDER BY at DESC, sequence DESC
LIMIT 1 BY incident_key
