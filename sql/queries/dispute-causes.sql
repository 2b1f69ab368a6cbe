-- Why the records of a period break, per day: the causes of the latest runs.
SELECT
    toString(toDate(window_from)) AS day, class, text AS cause, records, round(share, 4) AS share_of_class, customers,
    toDecimal64(more_b / 1000000, 6) AS disputed_amount, toDecimal64(more_a / 1000000, 6) AS unbilled_amount, {currency:String} AS currency
FROM reconciliation_causes
WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String}
    AND run IN
    (
        SELECT run FROM reconciliations_latest
        WHERE tenant = {tenant:String} AND control = {control:String} AND comparison = {comparison:String}
            AND window_from >= parseDateTime64BestEffort({from:String}, 3, 'UTC') AND window_from < parseDateTime64BestEffort({to:String}, 3, 'UTC')
    )
ORDER BY day, abs(more_b) + abs(more_a) DESC, cause
