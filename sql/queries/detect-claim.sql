-- Who holds a claim: the first insert under the token is the only one; the order decides should the token have been forgotten.
SELECT owner
FROM claims
WHERE tenant = {tenant:String} AND claim_key = {claim_key:String} AND epoch = {epoch:UInt64}
ORDER BY at, owner
LIMIT 1
