-- Identities of the messages of a topic partition that are stored, the newest first.
SELECT id
FROM message_ids
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String} AND last < {behind:UInt64}
ORDER BY last DESC
LIMIT {limit:UInt32}
