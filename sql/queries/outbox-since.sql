-- When an endpoint was first used, ms: what its claims remember, or its first delivery; 0 = never.
SELECT min(first_use) AS since_ms
FROM
(
    SELECT epoch AS first_use
    FROM claims
    WHERE tenant = {tenant:String} AND claim_key = {claim_key:String}
    UNION ALL
    SELECT toUInt64(toUnixTimestamp64Milli(min(at))) AS first_use
    FROM deliveries
    WHERE tenant = {tenant:String} AND endpoint = {endpoint:String}
    HAVING count() > 0
)
