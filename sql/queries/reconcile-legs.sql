-- The two legs of a reconciliation in its window: how much there is, which identifiers are stated, and what the units of each service
-- cost. Charges in micro-units of the currency; `currencies`: those of charges that are not zero.
SELECT
    leg, usage.service AS service, count() AS records,
    countIf(charging_id != '') AS with_charging_id,
    countIf(session_id != '') AS with_session_id,
    sum(billable_seconds) AS seconds,
    toFloat64(sum(octets_up + octets_down)) AS octets,
    toFloat64(sum(greatest(usage.events, 1))) AS events,
    toInt64(sum(toInt64(if(leg = {wholesale_leg:String}, wholesale_charge, usage.charge) * 1000000))) AS charges,
    groupUniqArrayIf(8)(toString(usage.currency), if(leg = {wholesale_leg:String}, wholesale_charge, usage.charge) != 0) AS currencies
FROM usage
WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String})
    AND start_time >= {from:DateTime64(3, 'UTC')} AND start_time < {to:DateTime64(3, 'UTC')}
    AND (empty({partner:String}) OR partner IN ({partner:String}, ''))
    AND (answered OR billable_seconds > 0 OR octets_up + octets_down > 0)
    AND has({kinds:Array(UInt8)}, toUInt8(indexOf(['voice', 'sms', 'mms', 'data', 'content', 'recurring', 'oneoff'], usage.service) * 4
        + indexOf(['mo', 'mt', 'transit'], usage.direction)))
GROUP BY leg, service
ORDER BY leg, service
