-- What other legs tell of usage that a source lacks or has too often, by charging id: its charges where another leg states it charged, else its units at
-- the mean price of its service, zone and plan over the day on the legs that charge. `known`: lacking = usage of the services of the source that
-- other legs state in the stretch and its own leg does not, or not in full; file = what the file holds (all files of the stretch,
-- where none is named); repeats = what of it is marked as repeating. `held`: records of the file that are meant, `payable`: those of them that
-- anybody pays for (outgoing and answered); 0 for lacking. `priced`: 1 = by mean prices.
WITH
    parseDateTime64BestEffort({from:String}, 3, 'UTC') AS lost_from,
    parseDateTime64BestEffort({to:String}, 3, 'UTC') AS lost_to,
    own AS
    (
        SELECT leg, service
        FROM usage
        WHERE tenant = {tenant:String} AND toStartOfHour(start_time) >= toStartOfHour(lost_from - INTERVAL 1 DAY) AND start_time < lost_to + INTERVAL 1 DAY
            AND (source = {source:String} OR ({source:String} = '' AND leg = {leg:String} AND ({service:String} = '' OR service = {service:String})))
        GROUP BY leg, service
    ),
    meant AS
    (
        SELECT charging_id, count() AS held, countIf(direction NOT IN ('mt', 'transit') AND (answered OR service NOT IN ('voice', 'sms', 'mms'))) AS payable, sum(octets_up + octets_down) AS part
        FROM usage
        WHERE tenant = {tenant:String} AND {known:String} != 'lacking' AND source = {source:String} AND (file = {file:String} OR {file:String} = '')
            AND toStartOfHour(start_time) >= toStartOfHour(lost_from) AND start_time >= lost_from AND start_time <= lost_to
            AND ({known:String} = 'file' OR duplicate > 0)
        GROUP BY charging_id
    ),
    -- Each usage as each leg states it, parts added up: what somebody may be billed for.
    stated AS
    (
        SELECT
            charging_id, leg, any(usage.service) AS kind, any(subscriber) AS who, max(toString(usage.zone)) AS place, max(toString(usage.cell)) AS site,
            sumIf(usage.charge, currency = {currency:String} AND duplicate = 0) AS charged,
            sumIf(octets_up + octets_down, duplicate = 0) AS octets,
            sumIf(billable_seconds, duplicate = 0) AS seconds,
            min(start_time) AS began
        FROM usage
        WHERE tenant = {tenant:String} AND charging_id != '' AND service IN (SELECT service FROM own)
            AND toStartOfHour(start_time) >= toStartOfHour(lost_from - INTERVAL 5 HOUR) AND start_time < lost_to + INTERVAL 1 HOUR
            AND direction NOT IN ('mt', 'transit') AND (answered OR service NOT IN ('voice', 'sms', 'mms'))
            AND ({known:String} = 'lacking' OR charging_id IN (SELECT charging_id FROM meant))
        GROUP BY charging_id, leg
    ),
    usages AS
    (
        SELECT
            charging_id, any(kind) AS service, any(who) AS subscriber, max(place) AS zone, max(site) AS cell, min(began) AS begin,
            countIf(leg NOT IN (SELECT leg FROM own)) AS others,
            countIf(leg NOT IN (SELECT leg FROM own) AND (leg, kind) IN (SELECT leg, service FROM charging)) AS charging_others,
            countIf(leg IN (SELECT leg FROM own)) AS itself,
            maxIf(charged, leg NOT IN (SELECT leg FROM own)) AS other_charge,
            maxIf(charged, leg IN (SELECT leg FROM own)) AS own_charge,
            maxIf(octets, leg NOT IN (SELECT leg FROM own)) AS other_octets,
            maxIf(octets, leg IN (SELECT leg FROM own)) AS own_octets,
            maxIf(seconds, leg NOT IN (SELECT leg FROM own)) AS other_seconds
        FROM stated
        GROUP BY charging_id
    ),
    -- Of the sources of a leg, each serves its own cells.
    served AS
    (
        SELECT cell
        FROM usage
        WHERE tenant = {tenant:String} AND {known:String} = 'lacking' AND source = {source:String} AND cell != ''
            AND toStartOfHour(start_time) >= toStartOfHour(lost_from - INTERVAL 1 DAY) AND start_time < lost_to + INTERVAL 1 DAY
        GROUP BY cell
    ),
    charging AS (SELECT leg, kind AS service FROM stated GROUP BY leg, kind HAVING sum(charged) > 0),
    day AS
    (
        SELECT service, toString(zone) AS place, toString(plan) AS tariff, subscriber,
            sumIf(usage.charge, currency = {currency:String}) AS charged, sum(octets_up + octets_down) AS octets, sum(billable_seconds) AS seconds, count() AS n
        FROM usage
        WHERE tenant = {tenant:String} AND {known:String} = 'lacking' AND (leg, service) IN (SELECT leg, service FROM charging)
            AND direction NOT IN ('mt', 'transit') AND (answered OR service NOT IN ('voice', 'sms', 'mms'))
            AND toStartOfHour(start_time) >= toStartOfHour(lost_from - INTERVAL 1 DAY) AND start_time < lost_to
        GROUP BY service, place, tariff, subscriber
    ),
    (
        SELECT mapFromArrays(groupArray(name), groupArray(price))
        FROM
        (
            SELECT concat(service, '/', place, '/', tariff) AS name,
                multiIf(sum(octets) > 0, sum(charged) / sum(octets), sum(seconds) > 0, sum(charged) / sum(seconds), sum(charged) / sum(n)) AS price
            FROM (SELECT * FROM day WHERE tariff != '' UNION ALL SELECT * REPLACE ('' AS place) FROM day WHERE tariff != '' UNION ALL SELECT * REPLACE ('' AS tariff) FROM day UNION ALL SELECT * REPLACE ('' AS tariff, '' AS place) FROM day)
            GROUP BY name
        )
    ) AS prices,
    plans AS (SELECT subscriber, any(day.tariff) AS own_tariff FROM day WHERE day.tariff != '' GROUP BY subscriber)
SELECT
    count() AS usages,
    ifNull(sum(amount), 0) AS value,
    uniqExactIf(subscriber, subscriber != 0 AND amount > 0) AS customers,
    ifNull((SELECT sum(held) FROM meant), 0) AS held,
    ifNull((SELECT sum(payable) FROM meant), 0) AS payable,
    toUInt8(max(by_price)) AS priced
FROM
(
    SELECT
        subscriber,
        charging_others = 0 AND {known:String} = 'lacking' AS by_price,
        multiIf(
            {known:String} != 'lacking',
                toFloat64(greatest(other_charge, own_charge)) * if(meant.part > 0 AND greatest(other_octets, own_octets) > 0, least(1, meant.part / greatest(other_octets, own_octets)), 1),
            if(by_price,
                prices[arrayFirst(name -> mapContains(prices, name), [concat(service, '/', zone, '/', own_tariff), concat(service, '//', own_tariff), concat(service, '/', zone, '/'), concat(service, '//')])]
                    * multiIf(other_octets > 0, other_octets, other_seconds > 0, other_seconds, 1),
                toFloat64(other_charge)) * if(itself > 0, 1 - own_octets / other_octets, 1)
        ) AS amount
    FROM usages
    LEFT JOIN meant USING (charging_id)
    LEFT JOIN plans USING (subscriber)
    WHERE {known:String} != 'lacking'
        OR (others > 0 AND begin >= lost_from - toIntervalHour(if({source:String} = '', 0, 4)) AND begin < lost_to
            AND (cell = '' OR cell IN (SELECT cell FROM served) OR (SELECT count() FROM served) = 0)
            AND (itself = 0 OR (other_octets > 0 AND own_octets < 0.9 * other_octets)))
)
