-- Which of these partitions the ledger knows.
SELECT DISTINCT partition
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND partition IN {partitions:Array(String)}
