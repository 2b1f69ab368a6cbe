-- Rejects of a source of which only the beginning was kept.
SELECT count() AS truncated
FROM rejects AS kept
WHERE tenant = {tenant:String} AND source = {source:String} AND ({reason:String} = '' OR reason = {reason:String}) AND kept.truncated
