-- What each of two legs carried by service and direction, over the week up to the end of a window: what both carry is compared, so that
-- incoming calls, which nobody bills, are not called missing, and a service that stopped in one leg still is.
SELECT leg, service, if(direction = '', 'na', direction) AS direction, sum(records) AS records
FROM usage_hour
WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
    AND hour >= {from:DateTime64(3, 'UTC')} - INTERVAL 7 DAY AND hour < {to:DateTime64(3, 'UTC')}
    AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
GROUP BY leg, service, direction
ORDER BY leg, service, direction
