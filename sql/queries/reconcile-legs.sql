-- The two legs of a reconciliation in its window: how much there is, which identifiers are stated, and what the units of each service
-- cost. Charges in micro-units of the currency; `currencies`: those of charges that are not zero. By currency first, since text per
-- record would take as long as all else.
SELECT
    leg, service, toUInt64(sum(records_of)) AS records, sum(charging_ids) AS with_charging_id, sum(session_ids) AS with_session_id,
    sum(seconds_of) AS seconds, toFloat64(sum(octets_of)) AS octets, toFloat64(sum(events_of)) AS events, sum(charges_of) AS charges,
    groupUniqArrayIf(8)(toString(currency), charged > 0) AS currencies
FROM
(
    SELECT
        leg, usage.service AS service, usage.currency AS currency, count() AS records_of,
        sum(charging_id != '') AS charging_ids, sum(session_id != '') AS session_ids,
        sum(billable_seconds) AS seconds_of, sum(octets_up + octets_down) AS octets_of, sum(greatest(usage.events, 1)) AS events_of,
        sum(toInt64(if(leg = {wholesale_leg:String}, wholesale_charge, usage.charge) * 1000000) AS charge_of) AS charges_of, sum(charge_of != 0) AS charged
    FROM usage
    WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
        AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
        AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
        AND (answered OR billable_seconds > 0 OR octets_up + octets_down > 0)
        AND has({kinds:Array(UInt8)}, toUInt8(transform(usage.service, ['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], [4, 8, 12, 16, 20, 24, 28], 0)
            + transform(usage.direction, ['mo', 'mt', 'transit'], [1, 2, 3], 0)))
    GROUP BY leg, service, currency
)
GROUP BY leg, service
ORDER BY leg, service
