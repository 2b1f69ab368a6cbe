-- What a leg charged in a closed hour and the rates that held, for S14. Rows with `kind` usage: up to 200 records of each tariff, service and zone,
-- chosen by a hash of their id, so that the choice is the same each time and owes nothing to their content; what an allowance made free is left out.
-- `population` and `population_charge` (micro-units): all records of the stratum. Rows with `kind` rate: retail rates of the tariffs that are named.
WITH
    {from:DateTime64(3, 'UTC')} AS starts,
    {to:DateTime64(3, 'UTC')} AS ends,
    strata AS
    (
        SELECT
            usage.tariff AS tariff, service, zone, count() AS population, sum(toFloat64(usage.charge)) * 1e6 AS population_charge, uniq(subscriber) AS customers,
            groupArraySorted(200)((cityHash64(record_id), toString(record_id), toString(prefix), start_time, billable_seconds, toFloat64(octets_up + octets_down), toFloat64(events), toString(usage.charge))) AS sample
        FROM usage
        WHERE tenant = {tenant:String} AND leg = {leg:String} AND usage.tariff != '' AND currency = {currency:String} AND zero_reason != 'allowance' AND duplicate = 0
            AND direction NOT IN ('mt', 'transit') AND (answered OR service = 'data')
            AND toStartOfHour(start_time) >= toStartOfHour(starts) AND start_time >= starts AND start_time < ends
        GROUP BY tariff, service, zone
    )
SELECT *
FROM
(
    SELECT
        'usage' AS kind, toString(tariff) AS tariff, '' AS version, toString(service) AS service, toString(zone) AS zone, each.3 AS prefix, '' AS time_band, each.4 AS at,
        toDateTime64(0, 3, 'UTC') AS until, each.5 AS seconds, each.6 AS octets, each.7 AS events, each.8 AS amount, '' AS setup, '' AS unit,
        toFloat64(population) AS population, population_charge, toFloat64(customers) AS customers, each.2 AS record
    FROM (SELECT * FROM strata ORDER BY population_charge DESC LIMIT 1000)
    ARRAY JOIN sample AS each
    UNION ALL
    SELECT
        'rate' AS kind, toString(tariff) AS tariff, toString(version) AS version, toString(service) AS service, toString(zone) AS zone, toString(prefix) AS prefix, toString(time_band) AS time_band,
        valid_from AS at, latest.5 AS until, toFloat64(latest.3) AS seconds, toFloat64(latest.4) AS octets, 0 AS events, toString(latest.2) AS amount, toString(latest.1) AS setup,
        toString(latest.6) AS unit, 0 AS population, 0 AS population_charge, 0 AS customers, '' AS record
    FROM
    (
        SELECT tariff, version, service, zone, prefix, time_band, valid_from,
            argMax((setup, per_unit, minimum_seconds, increment_seconds, valid_to, unit), (ingest_time, position)) AS latest
        FROM tariffs
        WHERE tenant = {tenant:String} AND NOT wholesale AND currency = {currency:String}
        GROUP BY tariff, version, service, zone, prefix, time_band, valid_from
    )
    WHERE valid_from < ends AND (toUnixTimestamp(latest.5) = 0 OR latest.5 > starts)
        AND arrayExists(
            each -> startsWith(each, toString(tariff)),
            (
                SELECT groupUniqArray(toString(named.tariff))
                FROM usage AS named
                WHERE tenant = {tenant:String} AND leg = {leg:String} AND toStartOfHour(start_time) >= toStartOfHour(starts) AND toStartOfHour(start_time) < ends
            )
        )
    LIMIT 50000
)
ORDER BY kind, tariff, service, zone, at, version
