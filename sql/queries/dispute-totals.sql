-- What both sides state per day and service, and what of it is disputed. Ours is leg A, theirs leg B. `disputed_amount`: what they charge for
-- records that we do not have, and for more units than we have; `unbilled_amount`: what they have not charged yet, by their mean rates.
WITH
    parseDateTime64BestEffort({from:String}, 3, 'UTC') AS from_at,
    parseDateTime64BestEffort({to:String}, 3, 'UTC') AS to_at
SELECT
    toString(sides.day) AS day, toString(sides.service) AS service,
    our_records, their_records, our_seconds, their_seconds, our_octets, their_octets, our_events, their_events, their_charge,
    differing, ours_only, theirs_only,
    toDecimal64(disputed / 1000000, 6) AS disputed_amount, toDecimal64(unbilled / 1000000, 6) AS unbilled_amount, {currency:String} AS currency
FROM
(
    SELECT
        toDate(hour) AS day, service,
        sumIf(records, leg = {leg_a:String}) AS our_records, sumIf(records, leg = {leg_b:String}) AS their_records,
        round(sumIf(billable_seconds, leg = {leg_a:String}), 3) AS our_seconds, round(sumIf(billable_seconds, leg = {leg_b:String}), 3) AS their_seconds,
        sumIf(octets_up + octets_down, leg = {leg_a:String}) AS our_octets, sumIf(octets_up + octets_down, leg = {leg_b:String}) AS their_octets,
        sumIf(events, leg = {leg_a:String}) AS our_events, sumIf(events, leg = {leg_b:String}) AS their_events,
        sumIf(if({wholesale:Bool}, wholesale_charge, charge), leg = {leg_b:String}) AS their_charge
    FROM usage_hour
    WHERE tenant = {tenant:String} AND leg IN ({leg_a:String}, {leg_b:String}) AND hour >= from_at AND hour < to_at
        AND ({partner:String} = '' OR partner IN ({partner:String}, ''))
    GROUP BY day, service
) AS sides
LEFT JOIN
(
    SELECT
        toDate(window_from) AS day, service,
        countIf(class = 'mismatch') AS differing, countIf(class = 'a_only') AS ours_only, countIf(class = 'b_only') AS theirs_only,
        sumIf(-money, money < 0) AS disputed, sumIf(money, money > 0) AS unbilled
    FROM reconciliation_breaks
    WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String}
        AND window_from >= from_at AND window_from < to_at
    GROUP BY day, service
) AS breaks ON breaks.day = sides.day AND breaks.service = sides.service
ORDER BY day, service
