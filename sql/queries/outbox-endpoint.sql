-- The last time an endpoint answered 410, and the last time that something was asked for again by hand, ms.
SELECT
    argMaxIf(deliveries.error, at, http_status = 410) AS error,
    toUnixTimestamp64Milli(maxIf(at, http_status = 410)) AS gone_ms,
    toUnixTimestamp64Milli(maxIf(at, state = 'replay')) AS replayed_ms
FROM deliveries
WHERE tenant = {tenant:String} AND endpoint = {endpoint:String}
