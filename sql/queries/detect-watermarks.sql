-- How far each source of each leg was complete when that was said last, for a loop that starts. Leg `weir` holds marks of our own.
SELECT leg, source, argMax(complete_to, updated_at) AS upto
FROM watermarks
WHERE tenant = {tenant:String} AND leg != 'weir' AND node = ''
GROUP BY leg, source
