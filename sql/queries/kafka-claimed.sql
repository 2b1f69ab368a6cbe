-- Who planned what behind a position of a topic partition: one owner and one range, unless somebody else took the partition over.
SELECT DISTINCT first, last, owner
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND partition = {partition:String} AND toInt64(last) > {after:Int64}
LIMIT 10
