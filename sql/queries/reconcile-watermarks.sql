-- How far each source of each leg is complete, as last said. Leg `weir` holds marks of our own.
SELECT leg, source, complete_to
FROM watermarks_latest
WHERE tenant = {tenant:String} AND leg != 'weir' AND node = ''
ORDER BY leg, source
