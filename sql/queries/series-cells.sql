-- Usage of one leg in a stretch of event time beside the mean of the same stretch in up to four earlier weeks that have any, by every
-- dimension that may explain a change. The largest cells only, `most` of them.
WITH
    toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AS start,
    toDateTime({to:DateTime64(3, 'UTC')}, 'UTC') AS stop,
    per_week AS
    (
        SELECT
            service, partner, direction, node, route, cell, apn, rat, plan, zone, segment,
            if(minute >= start, 0, intDiv(dateDiff('second', minute, stop - 1), 604800)) AS week,
            toFloat64(sum({numerator:Identifier})) AS up,
            toFloat64(sum({denominator:Identifier})) AS down
        FROM usage_minute
        WHERE tenant = {tenant:String} AND leg = {leg:String}
            AND (
                (minute >= start AND minute < stop)
                OR (minute >= start - 604800 AND minute < stop - 604800)
                OR (minute >= start - 1209600 AND minute < stop - 1209600)
                OR (minute >= start - 1814400 AND minute < stop - 1814400)
                OR (minute >= start - 2419200 AND minute < stop - 2419200)
            )
            AND (empty({only_values:Array(String)}) OR has({only_values:Array(String)}, toString({only:Identifier})))
            AND (empty({also_values:Array(String)}) OR has({also_values:Array(String)}, toString({also:Identifier})))
        GROUP BY service, partner, direction, node, route, cell, apn, rat, plan, zone, segment, week
    ),
    (SELECT greatest(1, uniqExact(week)) FROM per_week WHERE week > 0) AS weeks
SELECT
    service, partner, direction, node, route, cell, apn, rat, plan, zone, segment,
    sumIf(up, week = 0) AS now_up,
    sumIf(down, week = 0) AS now_down,
    sumIf(up, week > 0) / assumeNotNull(weeks) AS usual_up,
    sumIf(down, week > 0) / assumeNotNull(weeks) AS usual_down
FROM per_week
GROUP BY service, partner, direction, node, route, cell, apn, rat, plan, zone, segment
ORDER BY now_up + usual_up DESC
LIMIT {most:UInt32}
