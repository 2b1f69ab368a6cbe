-- What the records of a source are worth and how many are usual in a stretch of event time, by service of its leg. `records`, `charge`
-- and `squares` (of the charges) are those of a day up to the end of the stretch, of every leg, since the leg that charges is seldom the
-- one that lost; `own` are those of the source; where none is named, of the leg and service (of all its services, where none is). `usual` are its records at the same time in four earlier weeks, `present` those that came,
-- `customers` the usual number of subscribers then, `file_customers` those in the file that is named.
WITH
    parseDateTime64BestEffort({from:String}, 3, 'UTC') AS lost_from,
    parseDateTime64BestEffort({to:String}, 3, 'UTC') AS lost_to,
    taken AS
    (
        SELECT
            leg, service,
            [
                countIf(start_time >= lost_from - 604800 AND start_time < lost_to - 604800),
                countIf(start_time >= lost_from - 1209600 AND start_time < lost_to - 1209600),
                countIf(start_time >= lost_from - 1814400 AND start_time < lost_to - 1814400),
                countIf(start_time >= lost_from - 2419200 AND start_time < lost_to - 2419200)
            ] AS usual,
            countIf(start_time >= lost_from) AS present
        FROM usage
        WHERE tenant = {tenant:String} AND source = {source:String}
            AND (
                (toStartOfHour(start_time) >= toStartOfHour(lost_from) AND start_time >= lost_from AND start_time < lost_to)
                OR (toStartOfHour(start_time) >= toStartOfHour(lost_from - 604800) AND start_time >= lost_from - 604800 AND start_time < lost_to - 604800)
                OR (toStartOfHour(start_time) >= toStartOfHour(lost_from - 1209600) AND start_time >= lost_from - 1209600 AND start_time < lost_to - 1209600)
                OR (toStartOfHour(start_time) >= toStartOfHour(lost_from - 1814400) AND start_time >= lost_from - 1814400 AND start_time < lost_to - 1814400)
                OR (toStartOfHour(start_time) >= toStartOfHour(lost_from - 2419200) AND start_time >= lost_from - 2419200 AND start_time < lost_to - 2419200)
            )
        GROUP BY leg, service
    ),
    (
        SELECT round(avg(subscribers))
        FROM
        (
            SELECT intDiv(dateDiff('second', start_time, lost_to - 1), 604800) AS week, uniqExact(subscriber) AS subscribers
            FROM usage
            WHERE tenant = {tenant:String} AND source = {source:String} AND subscriber != 0
                AND (
                    (toStartOfHour(start_time) >= toStartOfHour(lost_from - 604800) AND start_time >= lost_from - 604800 AND start_time < lost_to - 604800)
                    OR (toStartOfHour(start_time) >= toStartOfHour(lost_from - 1209600) AND start_time >= lost_from - 1209600 AND start_time < lost_to - 1209600)
                    OR (toStartOfHour(start_time) >= toStartOfHour(lost_from - 1814400) AND start_time >= lost_from - 1814400 AND start_time < lost_to - 1814400)
                )
            GROUP BY week
        )
    ) AS usual_customers,
    (
        SELECT uniqExact(subscriber)
        FROM usage
        WHERE tenant = {tenant:String} AND source = {source:String} AND {file:String} != '' AND file = {file:String} AND subscriber != 0
            AND toStartOfHour(start_time) >= toStartOfHour(lost_from) AND start_time >= lost_from AND start_time < lost_to
    ) AS customers_in_file
SELECT
    leg, service, own, records, charge, squares, usual, present,
    ifNotFinite(assumeNotNull(usual_customers), 0) AS customers,
    assumeNotNull(customers_in_file) AS file_customers
FROM
(
    SELECT
        leg, service,
        countIf(source = {source:String} OR ({source:String} = '' AND leg = {leg:String} AND ({service:String} = '' OR service = {service:String}))) AS own,
        count() AS records,
        sumIf(usage.charge, currency = {currency:String}) AS charge,
        sumIf(pow(toFloat64(usage.charge), 2), currency = {currency:String}) AS squares
    FROM usage
    WHERE tenant = {tenant:String} AND toStartOfHour(start_time) >= toStartOfHour(lost_from - INTERVAL 1 DAY)
        AND start_time >= lost_from - INTERVAL 1 DAY AND start_time < lost_to
    GROUP BY leg, service
) AS day
LEFT JOIN taken USING (leg, service)
ORDER BY leg, service
