-- When an endpoint was first used, ms: its claim, or its first delivery once the claim has expired; 0 = never.
SELECT toUnixTimestamp64Milli(min(first_use)) AS since_ms, count() AS uses
FROM
(
    SELECT at AS first_use
    FROM claims
    WHERE tenant = {tenant:String} AND claim_key = {claim_key:String}
    UNION ALL
    SELECT min(at) AS first_use
    FROM deliveries
    WHERE tenant = {tenant:String} AND endpoint = {endpoint:String}
    HAVING count() > 0
)
