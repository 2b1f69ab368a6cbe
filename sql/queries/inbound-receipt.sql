-- Whether a body has come before.
SELECT toString(receipt) AS receipt FROM inbound
WHERE tenant = {tenant:String} AND connector = {connector:String} AND receipt = {receipt:String}
LIMIT 1
