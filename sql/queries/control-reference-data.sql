-- Reference data that contradicts itself or the usage of the latest day, for N05. One row per fault: `subject` names it, `records` and `charge` are the
-- usage of the day that it touches on the leg that charges, `worth` what that usage cost by the price before or the difference of the prices.
-- checks: zero_price (a rate that fell to nothing), ambiguous_rate (two prices from the same instant on), overlapping_rate (an end after the next
-- beginning, at another price), expired_rate (ended, nothing follows, still used), unrated_zone, unknown_cell, ambiguous_prefix (two zones at once).
-- The last row has an empty check; `known`: which tables have rows (1 tariffs, 2 cells, 4 prefixes).
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    (SELECT least(toDateTime(now_at, 'UTC'), max(hour) + 3600) FROM usage_hour WHERE tenant = {tenant:String}) AS day_end,
    rates AS
    (
        SELECT
            tariff, version, service, prefix, zone, time_band, partner, valid_from,
            argMax((setup, per_unit, valid_to, unit), (ingest_time, position)) AS latest
        FROM tariffs
        WHERE tenant = {tenant:String} AND currency = {currency:String} AND NOT wholesale
        GROUP BY tariff, version, service, prefix, zone, time_band, partner, valid_from
    ),
    series AS
    (
        SELECT
            * EXCEPT latest, toFloat64(latest.1) AS setup, toFloat64(latest.2) AS per_unit, latest.3 AS valid_to, latest.4 AS unit,
            leadInFrame(per_unit) OVER following AS next_per_unit, leadInFrame(setup) OVER following AS next_setup,
            leadInFrame(toNullable(valid_from)) OVER following AS next_from,
            lagInFrame(per_unit) OVER following AS previous_per_unit, lagInFrame(setup) OVER following AS previous_setup, lagInFrame(toNullable(valid_from)) OVER following AS previous_from
        FROM rates
        WINDOW following AS (PARTITION BY tariff, service, prefix, zone, time_band, partner ORDER BY valid_from, version ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    ),
    faults AS
    (
        SELECT
            multiIf(
                next_from IS NOT NULL AND next_from = valid_from AND (next_per_unit != per_unit OR next_setup != setup), 'ambiguous_rate',
                next_from IS NOT NULL AND toUnixTimestamp(valid_to) > 0 AND valid_to > next_from AND next_from <= now_at AND valid_to > now_at AND (next_per_unit != per_unit OR next_setup != setup), 'overlapping_rate',
                next_from IS NULL AND toUnixTimestamp(valid_to) > 0 AND valid_to <= assumeNotNull(day_end), 'expired_rate',
                previous_from IS NOT NULL AND per_unit = 0 AND setup = 0 AND previous_per_unit + previous_setup > 0 AND valid_from <= now_at AND (next_from IS NULL OR next_from > now_at)
                    AND (toUnixTimestamp(valid_to) = 0 OR valid_to > now_at), 'zero_price',
                ''
            ) AS check,
            tariff, version, service, prefix, zone, unit, valid_from, valid_to,
            multiIf(check = 'zero_price', previous_per_unit, check = 'expired_rate', per_unit, abs(next_per_unit - per_unit)) AS unit_worth,
            multiIf(check = 'zero_price', previous_setup, check = 'expired_rate', setup, abs(next_setup - setup)) AS event_worth
        FROM series
        WHERE check != ''
    ),
    used AS
    (
        SELECT
            splitByRegexp('[-/:@ ]', toString(usage.tariff))[1] AS tariff_name, usage.tariff AS stated, usage.service AS service, usage.zone AS zone, count() AS n, sum(usage.charge) AS charged,
            sum(billable_seconds) AS seconds, sum(octets_up + octets_down) AS octets, uniqExactIf(subscriber, subscriber != 0) AS customers, min(start_time) AS first_at
        FROM usage
        WHERE tenant = {tenant:String} AND leg IN ('rating', 'ocs', 'billing') AND toStartOfHour(start_time) >= assumeNotNull(day_end) - 86400
            AND start_time >= assumeNotNull(day_end) - 86400 AND start_time < assumeNotNull(day_end) AND answered
        GROUP BY tariff_name, stated, service, zone
    )
SELECT *
FROM
(
    SELECT
        check, subject, service, sum(n) AS records, sum(charged) AS charge, sum(worth) AS worth, sum(customers) AS customers, min(since) AS began_at, toUInt8(0) AS known
    FROM
    (
        SELECT
            check, concat(tariff, if(version = '', '', concat(' ', version)), if(zone = '', '', concat(' ', zone)), if(prefix = '', '', concat(' +', prefix))) AS subject,
            faults.service AS service, used.n AS n, used.charged AS charged, used.customers AS customers, faults.valid_from AS since,
            used.n * event_worth + multiIf(unit = 'minute', seconds / 60, unit = 'second', seconds, unit = 'mib', octets / 1048576, used.n) * unit_worth AS worth
        FROM faults
        LEFT JOIN used ON used.service = faults.service AND used.zone = faults.zone
        WHERE used.stated = '' OR startsWith(toString(used.stated), toString(faults.tariff))
        UNION ALL
        SELECT 'unrated_zone' AS check, zone AS subject, service, n, charged, customers, first_at AS since, 0 AS worth
        FROM used
        WHERE zone != '' AND (SELECT count() FROM rates) > 0 AND service IN (SELECT service FROM rates WHERE zone != '')
            AND (service, zone) NOT IN (SELECT service, zone FROM rates) AND service NOT IN (SELECT service FROM rates WHERE prefix != '' OR zone = '')
        UNION ALL
        SELECT 'unknown_cell' AS check, toString(cell) AS subject, service, sum(records) AS n, sum(usage_hour.charge) AS charged, toUInt64(0) AS customers, toDateTime64(min(hour), 3, 'UTC') AS since, 0 AS worth
        FROM usage_hour
        WHERE tenant = {tenant:String} AND hour >= assumeNotNull(day_end) - 86400 AND hour < assumeNotNull(day_end) AND cell != ''
            AND cell NOT IN (SELECT cell FROM cells WHERE tenant = {tenant:String}) AND (SELECT count() FROM cells WHERE tenant = {tenant:String}) > 0
        GROUP BY cell, service
        UNION ALL
        SELECT 'ambiguous_prefix' AS check, concat('+', toString(prefix), ' ', arrayStringConcat(zones, ' / ')) AS subject, '' AS service, toUInt64(0) AS n, toDecimal128(0, 6) AS charged, toUInt64(0) AS customers, since, 0 AS worth
        FROM
        (
            SELECT prefix, valid_from AS since, arraySort(groupUniqArray(toString(zone))) AS zones
            FROM prefix_zones
            WHERE tenant = {tenant:String} AND valid_from <= now_at AND (toUnixTimestamp(valid_to) = 0 OR valid_to > now_at)
            GROUP BY prefix, valid_from, ingest_time
            HAVING length(zones) > 1
        )
    )
    GROUP BY check, subject, service
    UNION ALL
    SELECT '' AS check, '' AS subject, '' AS service, toUInt64(0) AS records, toDecimal128(0, 6) AS charge, 0 AS worth, toUInt64(0) AS customers, toDateTime64(0, 3, 'UTC') AS began_at,
        toUInt8((SELECT count() FROM rates) > 0) + 2 * toUInt8((SELECT count() FROM cells WHERE tenant = {tenant:String}) > 0) + 4 * toUInt8((SELECT count() FROM prefix_zones WHERE tenant = {tenant:String}) > 0) AS known
)
ORDER BY check, worth DESC, records DESC
LIMIT 5000
