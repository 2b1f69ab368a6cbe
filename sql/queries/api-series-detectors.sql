-- Each detector over series: how many series, how many are open, learning or blind, and the middle one of the smallest drops that would be
-- seen within an hour (null = the middle one is blind).
SELECT
    s.detector AS detector,
    count() AS series,
    countIf(s.open) AS open,
    countIf(s.expected IS NULL) AS learning,
    countIf(s.expected IS NOT NULL AND s.visible_drop IS NULL) AS blind,
    quantileExactLowIf(0.5)(ifNull(s.visible_drop, 2.), s.expected IS NOT NULL) AS middle,
    if(series = learning OR middle > 1, NULL, middle) AS median_visible_drop,
    max(s.judged_to) AS judged_to,
    max(s.updated_at) AS written_at
FROM series AS s FINAL
WHERE s.tenant = {tenant:String} AND s.updated_at >= {since:DateTime64(3, 'UTC')}
GROUP BY detector
