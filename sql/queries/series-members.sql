-- Processes that judge series: those that said so in the last two epochs.
SELECT DISTINCT owner
FROM claims
WHERE tenant = {tenant:String} AND startsWith(claim_key, 'series-member/') AND epoch >= {since:UInt64}
ORDER BY owner
