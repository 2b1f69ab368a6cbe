-- Revenue cases: what was recovered of them, and how they stand.

CREATE TABLE IF NOT EXISTS weir.recoveries{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `recovery_id` String COMMENT 'Identity of the entry',
    `incident_id` String COMMENT 'Case: the incident it is about',
    `finding_key` String COMMENT 'Finding of the incident',
    `detector` LowCardinality(String) COMMENT 'Control or detector of the finding',
    `amount` Decimal(18, 6) COMMENT 'Amount billed, credited or got back; negative corrects an earlier entry',
    `currency` LowCardinality(String) COMMENT 'Currency, ISO 4217',
    `note` String COMMENT 'How: invoice, credit note, dispute',
    `actor` LowCardinality(String) COMMENT 'Who said it',
    `origin` LowCardinality(String) COMMENT 'Where it was said: console, api, cli, ticket',
    `at` DateTime64(3, 'UTC') COMMENT 'When it was said, UTC'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, incident_id, at)
SETTINGS {window}
COMMENT 'Amounts recovered of revenue cases: entries of one case add up. Read the view revenue_cases.';

DISTRIBUTED weir.recoveries BY cityHash64(tenant, incident_id);

CREATE VIEW IF NOT EXISTS weir.revenue_cases {on_cluster} AS
SELECT
    cases.tenant AS tenant,
    cases.incident_id AS incident_id,
    JSONExtractString(cases.body, 'finding', 'detector') AS control,
    cases.title AS title,
    cases.state AS state,
    cases.severity AS severity,
    cases.team AS team,
    cases.assignee AS assignee,
    cases.began_at AS began_at,
    cases.detected_at AS detected_at,
    ifNull(cases.money, 0) AS money,
    cases.currency AS currency,
    JSONExtractString(cases.body, 'impact', 'money', 'class') AS money_class,
    toDateOrNull(JSONExtractString(cases.body, 'impact', 'money', 'recoverable_until')) AS recoverable_until,
    multiIf(said.word = 'false', 'false', said.word != '' OR back.total > 0, 'confirmed', '') AS verdict,
    said.why AS reason,
    back.total AS recovered,
    if(back.total > 0, back.last_at, NULL) AS recovered_at
FROM weir.incident_latest AS cases
LEFT JOIN
    (
        SELECT tenant, incident_id, argMax(verdicts.verdict, (at, verdict_id)) AS word, argMax(note, (at, verdict_id)) AS why
        FROM weir.verdicts AS verdicts
        WHERE verdicts.verdict IN ('true', 'false', 'useful')
        GROUP BY tenant, incident_id
    ) AS said ON said.tenant = cases.tenant AND said.incident_id = cases.incident_id
LEFT JOIN
    (
        SELECT tenant, incident_id, sum(amount) AS total, max(at) AS last_at
        FROM weir.recoveries
        GROUP BY tenant, incident_id
    ) AS back ON back.tenant = cases.tenant AND back.incident_id = cases.incident_id
WHERE cases.category = 'revenue'
COMMENT 'Revenue cases: incidents of category revenue with the verdict (confirmed, false or empty), its reason, until when they can be billed, and what was recovered.';

CREATE VIEW IF NOT EXISTS weir.revenue_months {on_cluster} AS
SELECT
    tenant, control, currency, month,
    count() AS cases,
    countIf(word = 'confirmed') AS confirmed,
    countIf(word = 'false') AS refuted,
    sumIf(found, money_class = 'leakage' AND word != 'false') AS leakage,
    sumIf(found, money_class = 'over_charge' AND word != 'false') AS over_charge,
    sumIf(found, money_class = 'risk' AND word != 'false') AS risk,
    sum(back) AS recovered,
    sumIf(greatest(found - back, 0), money_class = 'leakage' AND word != 'false' AND (until IS NULL OR until >= today())) AS recoverable,
    avgIf(dateDiff('second', since, back_at) / 86400, back_at IS NOT NULL) AS days_to_recover
FROM
    (
        SELECT
            tenant, control, currency, toStartOfMonth(detected_at) AS month, verdict AS word, money AS found, money_class,
            recovered AS back, recoverable_until AS until, detected_at AS since, recovered_at AS back_at
        FROM weir.revenue_cases
    )
GROUP BY tenant, control, currency, month
COMMENT 'The programme by month of detection and control: cases, amounts found, recovered and recoverable. Precision = confirmed / (confirmed + refuted).';
