-- Usage of the legs of the chain hour by hour, each as a whole and by zone and plan, for S07. Of calls and messages those that were answered,
-- where the leg says so; none that came to our subscribers. `hours` and the arrays beside it have one entry per hour with usage.
-- `unread`: records of that hour that were rejected, by the share of rejected ones in the batches that the others came in; of the judged hours.
-- `explained`: 1 where another control has named a fault of a feed of the leg around that hour (missing files, wrong totals; a feed
-- that is silent, as long as it is).
-- `complete_to`: the watermark of the leg.
WITH
    toDateTime({since:DateTime64(3, 'UTC')}, 'UTC') AS first_hour,
    toDateTime({to:DateTime64(3, 'UTC')}, 'UTC') AS last_hour,
    toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') - 7200 AS judged_from,
    marks AS
    (
        SELECT leg, minIf(upto, upto >= newest - INTERVAL 1 DAY) AS complete_to
        FROM
        (
            SELECT leg, source, argMax(watermarks.complete_to, updated_at) AS upto, max(upto) OVER (PARTITION BY leg) AS newest
            FROM watermarks
            WHERE tenant = {tenant:String} AND node = '' AND leg IN ('switch', 'aaa', 'mediation', 'ocs', 'rating', 'billing')
            GROUP BY leg, source
        )
        GROUP BY leg
    ),
    spoilt AS
    (
        SELECT leg, service, toStartOfHour(toDateTime(start_time, 'UTC')) AS hour, sum(each) AS missed
        FROM usage
        INNER JOIN
        (
            SELECT partition, sum(rejected) / sum(stored) AS each
            FROM batches
            WHERE tenant = {tenant:String} AND state = 'stored' AND rejected > 0 AND stored > 0 AND event_to >= judged_from AND event_from < last_hour
            GROUP BY partition
        ) AS bad USING (partition)
        WHERE tenant = {tenant:String} AND leg IN (SELECT leg FROM marks) AND toStartOfHour(start_time) >= judged_from
            AND toStartOfHour(start_time) < last_hour AND direction NOT IN ('mt', 'transit')
        GROUP BY leg, service, hour
    ),
    faults AS
    (
        SELECT leg, groupUniqArrayArray(spoiled) AS fault_hours
        FROM
        (
            SELECT
                JSONExtractString(body, 'scope', 'source') AS source,
                arrayMap(
                    at -> toStartOfHour(toDateTime(began_at, 'UTC')) + at * 3600,
                    range(-1, if(detector = 'S02' AND state = 'firing', least(400, greatest(3, dateDiff('hour', began_at, last_hour) + 1)), 3))
                ) AS spoiled
            FROM findings
            WHERE tenant = {tenant:String} AND detector IN ('S01', 'S02', 'S03') AND began_at >= first_hour AND began_at < last_hour
            ORDER BY detected_at DESC
            LIMIT 1 BY finding_key
        ) AS said
        INNER JOIN (SELECT DISTINCT leg, source FROM watermarks WHERE tenant = {tenant:String} AND leg != 'weir') AS feeds USING (source)
        GROUP BY leg
    )
SELECT
    leg, complete_to, service, dimension, value,
    groupArray(toUnixTimestamp(hour)) AS hours,
    groupArray(if(answered > 0, answered, each_record)) AS n,
    groupArray(each_seconds) AS seconds,
    groupArray(each_octets) AS octets,
    groupArray(toFloat64(each_charge)) AS charge,
    groupArray(missed) AS unread,
    groupArray(has(fault_hours, hour)) AS explained
FROM
(
    SELECT
        leg, service, hour, dimension, value,
        sum(cells.records) AS each_record,
        sum(cells.answered) AS answered,
        sum(cells.seconds) AS each_seconds,
        sum(cells.octets) AS each_octets,
        sum(cells.charge) AS each_charge
    FROM
    (
        -- First to the cells that matter: the rollup has many more dimensions than these.
        SELECT
            leg, service, hour, zone, plan,
            sum(usage_hour.records) AS records,
            sumIf(usage_hour.answered, service IN ('voice', 'sms', 'mms')) AS answered,
            sum(billable_seconds) AS seconds,
            sum(octets_up) + sum(octets_down) AS octets,
            sumIf(usage_hour.charge, currency = {currency:String}) AS charge
        FROM usage_hour
        WHERE tenant = {tenant:String} AND leg IN (SELECT leg FROM marks) AND hour >= first_hour AND hour < last_hour AND direction NOT IN ('mt', 'transit')
        GROUP BY leg, service, hour, zone, plan
    ) AS cells
    ARRAY JOIN ['', 'zone', 'plan'] AS dimension, ['', toString(zone), toString(plan)] AS value
    WHERE dimension = '' OR value != ''
    GROUP BY leg, service, hour, dimension, value
    ORDER BY hour
) AS series
INNER JOIN marks USING (leg)
LEFT JOIN spoilt USING (leg, service, hour)
LEFT JOIN faults USING (leg)
GROUP BY leg, complete_to, service, dimension, value
ORDER BY dimension, sum(each_record) DESC
LIMIT 500
