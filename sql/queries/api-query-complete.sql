-- How far each leg is complete: as far as the slowest of its sources that is at most three hours behind its fastest.
SELECT leg, toUnixTimestamp64Milli(minIf(upto, upto >= newest - toIntervalHour(3))) AS complete_to
FROM
(
    SELECT leg, source, upto, max(upto) OVER (PARTITION BY leg) AS newest
    FROM
    (
        SELECT leg, source, argMax(complete_to, updated_at) AS upto
        FROM watermarks
        WHERE tenant = {tenant:String} AND node = '' AND leg != 'weir'
        GROUP BY leg, source
    )
)
GROUP BY leg
ORDER BY leg
