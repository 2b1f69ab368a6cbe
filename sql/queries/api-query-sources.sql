-- Sources that ever brought something.
SELECT DISTINCT source AS value FROM batches WHERE tenant = {tenant:String} ORDER BY value LIMIT 1000
