-- Records of each partner, service and node of a leg around a closed window: the window and the two before it (week 0), and the same time
-- in the five weeks before with one window on either side. `slot` counts windows from three before (0) to one after (4);
-- arrays hold one entry per week and slot with records, `place` = week x 5 + slot. `unread`: records of the series that were rejected,
-- by the share of rejected ones in the batches that its other records came in; `unread_places` are slots of week 0.
WITH
    {window_seconds:UInt32} AS width,
    toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AS start,
    start - 3 * width AS first,
    start + 2 * width AS last
SELECT partner, service, node, places, records, usual_records, usual_charge, unread_places, unread
FROM
(
    SELECT
        partner, service, node,
        groupArray(place) AS places,
        groupArray(slot_records) AS records,
        sum(slot_records * (place >= 5)) AS usual_records,
        sum(slot_charge * (place >= 5)) AS usual_charge
    FROM
    (
        SELECT
            partner, service, node,
            intDiv(dateDiff('second', minute, last - 1), 604800) AS week,
            week * 5 + intDiv(dateDiff('second', first - week * 604800, minute), width) AS place,
            sum(usage_minute.records) AS slot_records,
            sumIf(usage_minute.charge, currency = {currency:String}) AS slot_charge
        FROM usage_minute
        WHERE tenant = {tenant:String} AND leg = {leg:String}
            AND (
                (minute >= first AND minute < start + width)
                OR (minute >= first - 604800 AND minute < last - 604800)
                OR (minute >= first - 1209600 AND minute < last - 1209600)
                OR (minute >= first - 1814400 AND minute < last - 1814400)
                OR (minute >= first - 2419200 AND minute < last - 2419200)
                OR (minute >= first - 3024000 AND minute < last - 3024000)
            )
        GROUP BY partner, service, node, week, place
    )
    GROUP BY partner, service, node
) AS series
LEFT JOIN
(
    SELECT partner, service, node, groupArray(place) AS unread_places, groupArray(missed) AS unread
    FROM
    (
        SELECT partner, service, node, intDiv(dateDiff('second', first, toStartOfMinute(start_time)), width) AS place, sum(each) AS missed
        FROM usage
        INNER JOIN
        (
            SELECT partition, sum(rejected) / sum(stored) AS each
            FROM batches
            WHERE tenant = {tenant:String} AND state = 'stored' AND rejected > 0 AND stored > 0
                AND event_to >= first AND event_from < start + width AND planned_at >= first
            GROUP BY partition
        ) AS spoilt USING (partition)
        WHERE tenant = {tenant:String} AND leg = {leg:String}
            AND toStartOfHour(start_time) >= toStartOfHour(first) AND start_time >= first AND start_time < start + width
        GROUP BY partner, service, node, place
    )
    GROUP BY partner, service, node
) AS spoilt_series USING (partner, service, node)
ORDER BY partner, service, node
