-- Series of the detectors as they stand, by one of several ranks, the highest first, after a cursor; empty and -1 mean any.
-- `sort`: score = open ones first, then what deviates most; drop = blind ones first, then the largest drop that would pass unseen;
-- volume = what is expected.
SELECT
    detector, series_key, metric, scope, unit, first_seen, judged_to, bucket_seconds, observed, expected, lower, upper, score, visible_drop,
    open, updated_at,
    toInt64(round(1e6 * multiIf(
        {sort:String} = 'drop', if(expected IS NULL, -1., ifNull(visible_drop, 1e6)),
        {sort:String} = 'volume', least(ifNull(expected, 0.), 1e12),
        if(open, 1e6, 0.) + least(score, 1e5)))) AS rank
FROM series FINAL
WHERE tenant = {tenant:String} AND updated_at >= {since:DateTime64(3, 'UTC')}
    AND ({detector:String} = '' OR detector = {detector:String})
    AND ({series_key:String} = '' OR series_key = {series_key:String})
    AND ({open:Int8} = -1 OR open = {open:Int8})
    AND ({blind:Int8} = -1 OR (expected IS NOT NULL AND visible_drop IS NULL) = {blind:Int8})
    AND (rank, series_key) < ({after_rank:Int64}, {after_key:String})
ORDER BY rank DESC, series_key DESC
LIMIT {limit:UInt32}
