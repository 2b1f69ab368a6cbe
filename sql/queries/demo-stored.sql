-- How many records of a tenant the ledger counts as stored.
SELECT sum(stored) AS stored FROM batches WHERE tenant = {tenant:String} AND state = 'stored'
