-- Reference data that contradicts itself or the usage of the latest day, for N05. One row per fault: `subject` names it, `tariff` (as the usage
-- names it), `service` and `zone` are its rate, `records` and `charge` are the
-- usage of the day that it touches on the leg that charges most (from when it is wrong on), `worth` what that usage costs by the price before, by the
-- ended price, or by the difference of the prices, with minimum and increment; of a cell what the usage in it was charged by charging id.
-- checks: zero_price (a rate that fell to nothing), ambiguous_rate (two prices from the same instant on, and no later one holds), overlapping_rate (an end after the next
-- beginning, at another price), expired_rate (ended, nothing follows, still used), unrated_zone, unknown_cell, ambiguous_prefix (two zones at once).
-- The last row has an empty check; `known`: which tables have rows (1 tariffs, 2 cells, 4 prefixes).
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    (SELECT least(toDateTime(now_at, 'UTC'), max(hour) + 3600) FROM usage_hour WHERE tenant = {tenant:String}) AS day_end,
    rates AS
    (
        SELECT
            tariff, version, service, prefix, zone, time_band, partner, valid_from,
            argMax((setup, per_unit, valid_to, unit, minimum_seconds, increment_seconds), (ingest_time, position)) AS latest
        FROM tariffs
        WHERE tenant = {tenant:String} AND currency = {currency:String} AND NOT wholesale
        GROUP BY tariff, version, service, prefix, zone, time_band, partner, valid_from
    ),
    series AS
    (
        SELECT
            * EXCEPT latest, toFloat64(latest.1) AS setup, toFloat64(latest.2) AS per_unit, latest.3 AS valid_to, latest.4 AS unit,
            toFloat64(latest.5) AS least, toFloat64(latest.6) AS step,
            leadInFrame(per_unit) OVER following AS next_per_unit, leadInFrame(setup) OVER following AS next_setup,
            leadInFrame(toNullable(valid_from)) OVER following AS next_from, maxIf(valid_from, valid_from <= now_at) OVER following AS holds_from,
            lagInFrame(per_unit) OVER following AS previous_per_unit, lagInFrame(setup) OVER following AS previous_setup, lagInFrame(toNullable(valid_from)) OVER following AS previous_from
        FROM rates
        WINDOW following AS (PARTITION BY tariff, service, prefix, zone, time_band, partner ORDER BY valid_from, version ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    ),
    faults AS
    (
        SELECT
            multiIf(
                next_from IS NOT NULL AND next_from = valid_from AND valid_from >= holds_from AND (next_per_unit != per_unit OR next_setup != setup), 'ambiguous_rate',
                next_from IS NOT NULL AND toUnixTimestamp(valid_to) > 0 AND valid_to > next_from AND next_from <= now_at AND valid_to > now_at AND (next_per_unit != per_unit OR next_setup != setup), 'overlapping_rate',
                next_from IS NULL AND toUnixTimestamp(valid_to) > 0 AND valid_to <= assumeNotNull(day_end), 'expired_rate',
                previous_from IS NOT NULL AND per_unit = 0 AND setup = 0 AND previous_per_unit + previous_setup > 0 AND valid_from <= now_at AND (next_from IS NULL OR next_from > now_at)
                    AND (toUnixTimestamp(valid_to) = 0 OR valid_to > now_at), 'zero_price',
                ''
            ) AS fault,
            toString(tariff) AS fault_tariff, concat(tariff, if(version = '', '', concat(' ', version)), if(zone = '', '', concat(' ', zone)), if(prefix = '', '', concat(' +', prefix))) AS fault_name,
            service AS fault_service, toString(prefix) AS fault_prefix, toString(zone) AS fault_zone, unit, least, step,
            multiIf(fault = 'expired_rate', valid_to, fault = 'overlapping_rate', assumeNotNull(next_from), valid_from) AS since,
            multiIf(fault = 'zero_price', previous_per_unit, fault = 'expired_rate', per_unit, abs(next_per_unit - per_unit)) AS unit_worth,
            multiIf(fault = 'zero_price', previous_setup, fault = 'expired_rate', setup, abs(next_setup - setup)) AS event_worth
        FROM series
        WHERE fault != ''
    ),
    -- The leg that tells what a service is charged: usage that several legs state counts once.
    charging AS
    (
        SELECT service, argMax(leg, (charged, n)) AS leg
        FROM
        (
            SELECT service, leg, sum(usage_hour.charge) AS charged, sum(records) AS n
            FROM usage_hour
            WHERE tenant = {tenant:String} AND leg IN ('rating', 'ocs', 'billing') AND hour >= assumeNotNull(day_end) - 86400 AND hour < assumeNotNull(day_end)
            GROUP BY service, leg
        )
        GROUP BY service
    ),
    used AS
    (
        SELECT service, toString(zone) AS zone, count() AS n, sum(usage.charge) AS charged, uniqExactIf(subscriber, subscriber != 0) AS customers, min(start_time) AS first_at
        FROM usage
        WHERE tenant = {tenant:String} AND (leg, service) IN (SELECT leg, service FROM charging) AND toStartOfHour(start_time) >= assumeNotNull(day_end) - 86400
            AND start_time >= assumeNotNull(day_end) - 86400 AND start_time < assumeNotNull(day_end) AND (answered OR service = 'data') AND zone != ''
        GROUP BY service, zone
    ),
    -- What a rate is asked for, from when it is wrong on: neither what comes in nor what an allowance covers.
    touched AS
    (
        SELECT
            fault, fault_name, fault_service, any(named) AS stated, count() AS n, sum(charged) AS all_charged, uniqExactIf(subscriber, subscriber != 0) AS customers,
            sum(if(quantity > 0 OR unit = 'event', event_worth, 0) + unit_worth * multiIf(unit = 'event', greatest(events, 1), quantity <= 0, 0, quantity <= least, least, step <= 0, quantity, least + ceil((quantity - least) / step - 1e-9) * step) / size) AS worth
        FROM
        (
            SELECT
                fault, fault_name, fault_service, faults.unit AS unit, faults.least AS least, faults.step AS step, unit_worth, event_worth,
                usage.charge AS charged, usage.subscriber AS subscriber, usage.events AS events, toString(usage.tariff) AS named,
                multiIf(faults.unit IN ('second', 'minute', 'hour'), toFloat64(usage.billable_seconds), toFloat64(usage.octets_up + usage.octets_down)) AS quantity,
                transform(toString(faults.unit), ['second', 'minute', 'hour', 'octet', 'kib', 'mib', 'gib'], [1, 60, 3600, 1, 1024, 1048576, 1073741824], 1) AS size
            FROM usage
            INNER JOIN faults ON usage.service = faults.fault_service
            WHERE usage.tenant = {tenant:String} AND (usage.leg, usage.service) IN (SELECT leg, service FROM charging)
                AND toStartOfHour(usage.start_time) >= assumeNotNull(day_end) - 86400 AND usage.start_time >= assumeNotNull(day_end) - 86400 AND usage.start_time < assumeNotNull(day_end)
                AND usage.start_time >= faults.since AND (usage.answered OR usage.service = 'data') AND usage.direction NOT IN ('mt', 'transit') AND usage.zero_reason != 'allowance' AND usage.duplicate = 0
                AND (faults.fault_zone = '' OR usage.zone = faults.fault_zone) AND (faults.fault_prefix = '' OR startsWith(toString(usage.prefix), faults.fault_prefix))
                AND startsWith(toString(usage.tariff), faults.fault_tariff) AND NOT match(substring(toString(usage.tariff), length(faults.fault_tariff) + 1, 1), '[A-Za-z0-9]')
        )
        GROUP BY fault, fault_name, fault_service
    ),
    -- Usage in cells that the table does not have, as each leg states it: by charging id it is one usage, worth what a leg charged for it.
    strange AS
    (
        SELECT toString(cell) AS strange_cell, service, charging_id, leg, count() AS n, any(subscriber) AS who, min(start_time) AS first_at
        FROM usage
        WHERE tenant = {tenant:String} AND toStartOfHour(start_time) >= assumeNotNull(day_end) - 86400 AND start_time >= assumeNotNull(day_end) - 86400 AND start_time < assumeNotNull(day_end)
            AND cell != '' AND duplicate = 0
            AND cell NOT IN (SELECT cell FROM cells WHERE tenant = {tenant:String}) AND (SELECT count() FROM cells WHERE tenant = {tenant:String}) > 0
        GROUP BY strange_cell, service, charging_id, leg
    ),
    billed AS
    (
        SELECT charging_id, max(charged) AS value
        FROM
        (
            SELECT charging_id, leg, sumIf(usage.charge, currency = {currency:String}) AS charged
            FROM usage
            WHERE tenant = {tenant:String} AND leg IN (SELECT leg FROM charging) AND toStartOfHour(start_time) >= assumeNotNull(day_end) - 90000 AND start_time < assumeNotNull(day_end) + 3600
                AND duplicate = 0 AND charging_id IN (SELECT charging_id FROM strange WHERE charging_id != '')
            GROUP BY charging_id, leg
        )
        GROUP BY charging_id
    )
SELECT *
FROM
(
    SELECT check, subject, tariff, service, zone, sum(n) AS records, sum(charged) AS charge, sum(worth) AS worth, sum(customers) AS customers, min(since) AS began_at, toUInt8(0) AS known
    FROM
    (
        SELECT faults.fault AS check, faults.fault_name AS subject, if(touched.stated = '', faults.fault_tariff, touched.stated) AS tariff, faults.fault_service AS service, faults.fault_zone AS zone, touched.n AS n, toDecimal128(touched.all_charged, 6) AS charged, touched.customers AS customers,
            faults.since AS since, touched.worth AS worth
        FROM faults
        LEFT JOIN touched ON touched.fault = faults.fault AND touched.fault_name = faults.fault_name AND touched.fault_service = faults.fault_service
        UNION ALL
        SELECT 'unrated_zone' AS check, zone AS subject, '' AS tariff, service, zone, n, charged, customers, first_at AS since, 0 AS worth
        FROM used
        WHERE (SELECT count() FROM rates) > 0 AND service IN (SELECT service FROM rates WHERE zone != '')
            AND (service, zone) NOT IN (SELECT service, toString(zone) FROM rates) AND service NOT IN (SELECT service FROM rates WHERE prefix != '' OR zone = '')
        UNION ALL
        SELECT 'unknown_cell' AS check, strange_cell AS subject, '' AS tariff, service, '' AS zone, sum(most) AS n, toDecimal128(sum(value), 6) AS charged, uniqExactIf(who, who != 0) AS customers, min(first_at) AS since, toFloat64(sum(value)) AS worth
        FROM
        (
            SELECT strange_cell, service, charging_id, if(charging_id = '', max(n), 1) AS most, any(who) AS who, min(first_at) AS first_at
            FROM (SELECT strange_cell, service, charging_id, leg, sum(n) AS n, any(who) AS who, min(first_at) AS first_at FROM strange GROUP BY strange_cell, service, charging_id, leg)
            GROUP BY strange_cell, service, charging_id
        ) AS usages
        LEFT JOIN billed USING (charging_id)
        GROUP BY strange_cell, service
        UNION ALL
        SELECT 'ambiguous_prefix' AS check, concat('+', toString(prefix), ' ', arrayStringConcat(zones, ' / ')) AS subject, '' AS tariff, '' AS service, '' AS zone, toUInt64(0) AS n, toDecimal128(0, 6) AS charged, toUInt64(0) AS customers, since, 0 AS worth
        FROM
        (
            SELECT prefix, valid_from AS since, arraySort(groupUniqArray(toString(zone))) AS zones
            FROM prefix_zones
            WHERE tenant = {tenant:String} AND valid_from <= now_at AND (toUnixTimestamp(valid_to) = 0 OR valid_to > now_at)
            GROUP BY prefix, valid_from, ingest_time
            HAVING length(zones) > 1
        )
    )
    GROUP BY check, subject, tariff, service, zone
    UNION ALL
    SELECT '' AS check, '' AS subject, '' AS tariff, '' AS service, '' AS zone, toUInt64(0) AS records, toDecimal128(0, 6) AS charge, 0 AS worth, toUInt64(0) AS customers, toDateTime64(0, 3, 'UTC') AS began_at,
        toUInt8((SELECT count() FROM rates) > 0) + 2 * toUInt8((SELECT count() FROM cells WHERE tenant = {tenant:String}) > 0) + 4 * toUInt8((SELECT count() FROM prefix_zones WHERE tenant = {tenant:String}) > 0) AS known
)
ORDER BY check, worth DESC, records DESC
LIMIT 5000
