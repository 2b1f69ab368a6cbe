-- The last time an endpoint answered 410.
SELECT error
FROM deliveries
WHERE tenant = {tenant:String} AND endpoint = {endpoint:String} AND http_status = 410
ORDER BY at DESC
LIMIT 1
