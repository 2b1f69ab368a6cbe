-- Who planned what behind a position of a topic partition: one owner and one range, unless somebody else took the partition over.
-- All plans behind one position bear one token, so no range begins before it and ends behind it.
SELECT DISTINCT first, last, owner
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String} AND first >= {next:UInt64}
LIMIT 10
