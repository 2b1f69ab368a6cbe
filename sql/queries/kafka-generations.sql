-- Under which names the ledger knows a topic partition: a topic that was deleted and made anew begins another.
SELECT DISTINCT partition
FROM batches
WHERE tenant = {tenant:String} AND source = {source:String} AND (partition = {partition:String} OR startsWith(partition, concat({partition:String}, '#')))
