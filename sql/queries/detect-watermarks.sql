-- How far each source of each leg was complete when that was said last, for a loop that starts; what was said long ago has ended. Leg `weir` holds
-- marks of our own.
SELECT leg, source, argMax(complete_to, updated_at) AS upto
FROM watermarks
WHERE tenant = {tenant:String} AND leg != 'weir' AND node = ''
GROUP BY leg, source
HAVING max(updated_at) >= {since:DateTime64(3, 'UTC')}
