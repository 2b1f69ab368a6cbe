-- Evidence of S19: the credits of an agent in thirty days (all agents when none is named), those of the same account, amount and reason together.
SELECT event_time, agent, account, subscription, amount, currency, reason, approval, count() OVER (PARTITION BY account, subscription, amount, reason) AS alike
FROM credits
WHERE tenant = {tenant:String} AND ({agent:String} = '' OR agent = {agent:String})
    AND event_time > parseDateTime64BestEffort({at:String}, 3, 'UTC') - INTERVAL 30 DAY AND event_time <= parseDateTime64BestEffort({at:String}, 3, 'UTC')
ORDER BY alike DESC, account, amount DESC, event_time
LIMIT 2000
