-- Wholesale invoices of a hundred days beside the wholesale usage of their periods, for S09. `check` invoice: each invoice as last stated, its amount, that of
-- its lines, and what the usage files of the host charge for the period; `repeats`: another invoice of the partner for the same days, and what it charges.
-- `check` line: usage lines by service beside the usage; quantities in minutes, MiB or events. `check` missing: partners whose latest period
-- ended, with the length of that period and what was used since. Usage is that of the partner; where one partner alone sends invoices, all of it.
-- `covered`: usage is there from the start of the period, and complete to its end. `dispute_percent`: of the contract, 0 = not stated.
WITH
    {instant:DateTime64(3, 'UTC')} AS now_at,
    stated AS
    (
        SELECT
            invoice_id, argMax((partner, period_start, period_end, issued_at, amount), (ingest_time, position)) AS latest,
            toString(latest.1) AS host, latest.2 AS starts, latest.3 AS ends, latest.4 AS issued, latest.5 AS total
        FROM invoices
        WHERE tenant = {tenant:String} AND invoice_kind = 'wholesale' AND currency = {currency:String} AND period_end > now_at - INTERVAL 100 DAY AND period_start < now_at
        GROUP BY invoice_id
    ),
    (SELECT uniqExact(host) = 1 FROM stated) AS alone,
    used AS
    (
        SELECT
            if(assumeNotNull(alone), (SELECT any(host) FROM stated), toString(partner)) AS supplier, hour, service, sum(wholesale_charge) AS charged,
            multiIf(service = 'voice', sum(billable_seconds) / 60, service = 'data', toFloat64(sum(octets_up) + sum(octets_down)) / 1048576, toFloat64(sum(events))) AS units
        FROM usage_hour
        WHERE tenant = {tenant:String} AND leg = 'mno_wholesale' AND currency IN ({currency:String}, '') AND hour >= toStartOfHour(now_at) - INTERVAL 200 DAY AND hour < now_at
        GROUP BY supplier, hour, service
    ),
    (SELECT min(hour) FROM used) AS first_hour,
    (SELECT min(upto) FROM (SELECT source, argMax(complete_to, updated_at) AS upto, max(upto) OVER () AS newest FROM watermarks WHERE tenant = {tenant:String} AND leg = 'mno_wholesale' AND node = '' GROUP BY source) WHERE upto >= newest - INTERVAL 1 DAY) AS complete,
    contracts AS
    (
        SELECT partner AS named, argMax(dispute_limit_percent, (valid_from, ingest_time, position)) AS percent
        FROM partners
        WHERE tenant = {tenant:String}
        GROUP BY partner
    ),
    lines AS
    (
        SELECT invoice_id, service AS line_service, sum(line_amount) AS amount, sum(line_units) AS units
        FROM
        (
            SELECT invoice_id, line, argMax(service, (ingest_time, position)) AS service, argMax(amount, (ingest_time, position)) AS line_amount,
                argMax(quantity * multiIf(unit = 'second', 1 / 60, unit IN ('octet', 'byte'), 1 / 1048576, unit = 'kib', 1 / 1024, unit = 'gib', 1024, 1), (ingest_time, position)) AS line_units
            FROM invoice_lines
            WHERE tenant = {tenant:String} AND line_kind = 'usage' AND currency = {currency:String} AND invoice_id IN (SELECT invoice_id FROM stated)
            GROUP BY invoice_id, line
        )
        GROUP BY invoice_id, service
    ),
    owed AS
    (
        SELECT invoice_id, service AS used_service, sum(charged) AS amount, sum(used.units) AS units
        FROM stated
        INNER JOIN used ON used.supplier = stated.host
        WHERE hour >= starts AND hour < ends
        GROUP BY invoice_id, service
    ),
    bills AS
    (
        SELECT invoice_id, host, starts, ends, issued, total, toUInt8(first_hour <= starts + INTERVAL 1 HOUR AND ends <= greatest(ifNull(complete, toDateTime64(0, 3, 'UTC')), toDateTime64(0, 3, 'UTC'))) AS covered, ifNull(percent, 0) AS dispute_percent
        FROM stated
        LEFT JOIN contracts ON contracts.named = stated.host
    )
SELECT *
FROM
(
    SELECT
        'invoice' AS check, host AS partner, bills.invoice_id AS invoice, '' AS service, starts, ends, issued, total AS invoiced, ifNull(sums.amount, 0) AS usage_charge,
        0 AS invoiced_units, 0 AS usage_units, covered, dispute_percent, repeated AS repeats, repeated_amount
    FROM bills
    LEFT JOIN (SELECT invoice_id, sum(owed.amount) AS amount FROM owed GROUP BY invoice_id) AS sums ON sums.invoice_id = bills.invoice_id
    LEFT JOIN
    (
        SELECT one.invoice_id AS invoice_id, any(other.invoice_id) AS repeated, max(least(one.total, other.total)) AS repeated_amount
        FROM stated AS one
        INNER JOIN stated AS other ON other.host = one.host
        WHERE other.invoice_id != one.invoice_id AND other.starts < one.ends AND other.ends > one.starts AND (other.issued, other.invoice_id) < (one.issued, one.invoice_id)
            AND other.total = one.total
        GROUP BY invoice_id
    ) AS twice ON twice.invoice_id = bills.invoice_id
    UNION ALL
    SELECT
        'line' AS check, host AS partner, bills.invoice_id AS invoice, toString(each) AS service, starts, ends, issued, ifNull(lines.amount, 0) AS invoiced, ifNull(owed.amount, 0) AS usage_charge,
        lines.units AS invoiced_units, owed.units AS usage_units, covered, dispute_percent, '' AS repeats, toDecimal64(0, 6) AS repeated_amount
    FROM bills
    INNER JOIN (SELECT invoice_id, toString(line_service) AS each FROM lines UNION DISTINCT SELECT invoice_id, toString(used_service) AS each FROM owed WHERE invoice_id IN (SELECT invoice_id FROM lines)) AS services ON services.invoice_id = bills.invoice_id
    LEFT JOIN lines ON lines.invoice_id = bills.invoice_id AND lines.line_service = services.each
    LEFT JOIN owed ON owed.invoice_id = bills.invoice_id AND owed.used_service = services.each
    UNION ALL
    SELECT
        'missing' AS check, last.host AS partner, '' AS invoice, '' AS service, last.until AS starts, last.until + toIntervalSecond(last.length) AS ends, last.latest_issue AS issued,
        toDecimal64(0, 6) AS invoiced, sumIf(charged, hour >= last.until AND hour < last.until + toIntervalSecond(last.length)) AS usage_charge,
        0 AS invoiced_units, 0 AS usage_units, toUInt8(1) AS covered, 0 AS dispute_percent, '' AS repeats, toDecimal64(0, 6) AS repeated_amount
    FROM (SELECT host, max(stated.ends) AS until, argMax(dateDiff('second', stated.starts, stated.ends), stated.ends) AS length, max(stated.issued) AS latest_issue FROM stated GROUP BY host) AS last
    INNER JOIN used ON used.supplier = last.host
    GROUP BY host, until, length, latest_issue
)
ORDER BY check, partner, starts, service
