-- What the units of each service cost on the leg that charges them (rating, else ocs, else billing) in the window of a reconciliation, for two legs of
-- which neither charges. Charges in micro-units of the currency.
SELECT service, billable_seconds AS seconds, octets, events, charges
FROM
(
    SELECT
        service, leg, sum(usage_hour.billable_seconds) AS billable_seconds, toFloat64(sum(octets_up) + sum(octets_down)) AS octets, toFloat64(sum(records)) AS events,
        toFloat64(sumIf(usage_hour.charge, currency = {currency:String})) * 1e6 AS charges
    FROM usage_hour
    WHERE tenant = {tenant:String} AND leg IN ('rating', 'ocs', 'billing') AND direction NOT IN ('mt', 'transit')
        AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
    GROUP BY service, leg
    HAVING charges > 0
)
ORDER BY service, indexOf(['rating', 'ocs', 'billing'], toString(leg))
LIMIT 1 BY service
