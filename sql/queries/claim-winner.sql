-- Who won a claim: the first row under its token. Ordered, so that all readers agree even after the deduplication window has passed.
SELECT owner
FROM claims
WHERE tenant = {tenant:String} AND claim_key = {claim_key:String} AND epoch = {epoch:UInt64}
ORDER BY at, owner
LIMIT 1
