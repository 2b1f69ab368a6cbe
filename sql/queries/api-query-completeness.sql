-- How far each source of each leg is complete in event time, and when that was said.
SELECT
    leg, source, toUnixTimestamp64Milli(argMax(watermarks.complete_to, watermarks.updated_at)) AS complete_to,
    toUnixTimestamp64Milli(max(watermarks.updated_at)) AS updated_at
FROM watermarks
WHERE tenant = {tenant:String} AND node = '' AND leg != 'weir'
GROUP BY leg, source
ORDER BY complete_to, leg, source
