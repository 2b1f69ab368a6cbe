-- Life-cycle assurance: what the words of systems mean, the events by standard step and outcome, and the orders that wait.

CREATE TABLE IF NOT EXISTS weir.lifecycle_words{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `kind` LowCardinality(String) COMMENT 'step or result',
    `stated` String COMMENT 'Word as systems state it, without capitals, _ for spaces and hyphens',
    `standard` LowCardinality(String) COMMENT 'Standard step, or ok, failed, pending',
    `version` UInt64 COMMENT 'The words of the highest version hold, all of them were written at once; ms since 1970'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, version, kind, stated)
SETTINGS {window}
COMMENT 'What the steps and results of systems mean, from the settings: lifeCycle in weir.yaml. Used by the view lifecycle_steps.';

DISTRIBUTED weir.lifecycle_words BY cityHash64(tenant);

CREATE VIEW IF NOT EXISTS weir.lifecycle_steps {on_cluster} AS
WITH
    -- Read once for each query, whatever it makes of the events; the first word is none, so that there is always one.
    (
        SELECT (arrayPushFront(groupArray(word), ''), arrayPushFront(groupArray(meaning), ''))
        FROM
        (
            SELECT concat(tenant, '/', kind, '/', stated) AS word, any(toString(words.standard)) AS meaning
            FROM weir.lifecycle_words AS words
            WHERE (tenant, version) IN (SELECT tenant, max(version) FROM weir.lifecycle_words GROUP BY tenant)
            GROUP BY word
        )
    ) AS known
SELECT
    events.tenant AS tenant, events.event_time AS event_time, events.subscription AS subscription, events.order_id AS order_id,
    transform(concat(events.tenant, '/step/', plain_step), known.1, known.2, plain_step) AS step, events.stated AS stated_step,
    transform(concat(events.tenant, '/result/', plain_result), known.1, known.2, multiIf(plain_result IN ('failed', 'failure', 'error', 'rejected', 'refused', 'timeout'), 'failed', plain_result = 'pending', 'pending', 'ok')) AS outcome,
    events.result AS result, events.error AS error, events.actor AS actor, events.system AS system, events.plan AS plan, events.segment AS segment,
    events.duration_seconds AS duration_seconds, events.record_id AS record_id, events.ingest_time AS ingest_time
FROM
(
    SELECT
        tenant, event_time, subscription, order_id, lifecycle.step AS stated, result, error, actor, system, plan, segment, duration_seconds, record_id, ingest_time,
        replaceRegexpAll(lower(trimBoth(toString(lifecycle.step))), '[\\s-]+', '_') AS plain_step, replaceRegexpAll(lower(trimBoth(toString(lifecycle.result))), '[\\s-]+', '_') AS plain_result
    FROM weir.lifecycle AS lifecycle
) AS events
COMMENT 'Life-cycle events by standard step and outcome (ok, failed, pending), with the words as stated.';

CREATE OR REPLACE VIEW weir.lifecycle_to_cash {on_cluster} AS
WITH
    steps AS
    (
        SELECT
            tenant, subscription, since, step,
            minIf(event_time, done) AS done_at, maxIf(event_time, done) AS done_last, maxIf(event_time, failed) AS step_failed_at,
            argMaxIf(error, event_time, failed) AS step_error, countIf(failed) AS attempts_failed,
            argMax(order_id, event_time) AS step_order, argMax(plan, event_time) AS step_plan, argMax(segment, event_time) AS step_segment, max(event_time) AS step_last
        FROM
        (
            SELECT
                lifecycle.tenant AS tenant, lifecycle.subscription AS subscription, since, lifecycle.step AS step, event_time, order_id, plan, segment, error,
                outcome = 'failed' AS failed, outcome = 'ok' AS done
            FROM weir.lifecycle_steps AS lifecycle
            INNER JOIN
            (
                SELECT tenant, subscription, maxIf(event_time, step = 'ordered') AS last_order, if(toUnixTimestamp(last_order) > 0, last_order, min(event_time)) AS since
                FROM weir.lifecycle_steps
                WHERE subscription != 0 AND step IN ('ordered', 'paid', 'activated', 'provisioned')
                GROUP BY tenant, subscription
            ) AS begun ON begun.tenant = lifecycle.tenant AND begun.subscription = lifecycle.subscription
            WHERE event_time >= since
        )
        GROUP BY tenant, subscription, since, step
    ),
    orders AS
    (
        SELECT
            tenant, subscription, since, argMax(step_order, step_order != '') AS order_id, argMax(step_plan, step_plan != '') AS plan, argMax(step_segment, step_segment != '') AS segment,
            minIf(done_at, step = 'ordered') AS ordered_at, minIf(done_at, step = 'paid') AS paid_at, minIf(done_at, step = 'activated') AS activated_at,
            minIf(done_at, step = 'provisioned') AS provisioned_at, minIf(done_at, step = 'first_usage') AS stated_usage_at, minIf(done_at, step = 'first_charge') AS stated_charge_at,
            maxIf(done_last, step IN ('ceased', 'cancelled')) AS ended_at,
            maxIf(step_failed_at, step_failed_at > done_last) AS failed_at, argMaxIf(step, step_failed_at, step_failed_at > done_last) AS failed_step,
            argMaxIf(step_error, step_failed_at, step_failed_at > done_last) AS error, sum(attempts_failed) AS failures
        FROM steps
        GROUP BY tenant, subscription, since
        HAVING since >= (SELECT max(event_time) - INTERVAL 30 DAY FROM weir.lifecycle WHERE event_time <= now64(3) + INTERVAL 1 DAY)
    ),
    used AS
    (
        SELECT usage.tenant AS tenant, subscriber, min(start_time) AS used_at, minIf(start_time, charge > 0 AND leg IN ('rating', 'billing', 'ocs')) AS charged_at
        FROM weir.usage AS usage
        INNER JOIN orders ON orders.tenant = usage.tenant AND orders.subscription = usage.subscriber
        WHERE subscriber IN (SELECT subscription FROM orders) AND toStartOfHour(start_time) >= (SELECT toStartOfHour(min(since)) FROM orders) AND start_time >= since
            AND direction NOT IN ('mt', 'transit')
        GROUP BY tenant, subscriber
    ),
    stated AS
    (
        SELECT
            subscriptions.tenant AS tenant, subscription AS holder,
            minIf(valid_from, system IN ('hlr', 'hss', 'udm', 'aaa', 'cmts', 'olt')) AS served_from, minIf(valid_from, system IN ('billing', 'ocs')) AS billed_from
        FROM weir.subscriptions AS subscriptions
        INNER JOIN orders ON orders.tenant = subscriptions.tenant AND orders.subscription = subscriptions.subscription
        WHERE status = 'active' AND valid_from >= since - INTERVAL 1 DAY
        GROUP BY tenant, holder
    ),
    invoiced AS
    (
        SELECT lines.tenant AS tenant, lines.subscription AS payer, min(lines.period_end) AS invoiced_at
        FROM weir.invoice_lines AS lines
        INNER JOIN orders ON orders.tenant = lines.tenant AND orders.subscription = lines.subscription
        WHERE amount > 0 AND lines.period_end >= since
        GROUP BY tenant, payer
    )
SELECT
    orders.tenant AS tenant, orders.subscription AS subscription, orders.order_id AS order_id, orders.plan AS plan, orders.segment AS segment,
    orders.since AS begun_at, ordered_at, paid_at, activated_at, provisioned_at,
    arrayMin(arrayFilter(each -> toUnixTimestamp(each) > 0, [stated_usage_at, used_at])) AS first_usage_at,
    arrayMin(arrayFilter(each -> toUnixTimestamp(each) > 0, [stated_charge_at, charged_at, invoiced_at])) AS first_charge_at,
    served_from, billed_from, ended_at,
    failed_step, failed_at, orders.error AS error, failures,
    arraySort(each -> (each.2, each.3), arrayFilter(each -> toUnixTimestamp(each.2) > 0, [('ordered', ordered_at, 1), ('paid', paid_at, 2), ('activated', activated_at, 3), ('provisioned', provisioned_at, 4), ('first_usage', first_usage_at, 5), ('first_charge', first_charge_at, 6)])) AS reached,
    reached[-1].1 AS last_step, reached[-1].2 AS last_at,
    multiIf(toUnixTimestamp(ended_at) > 0, 'ended', toUnixTimestamp(first_charge_at) > 0, 'charged', failed_step != '', 'failed', 'in work') AS state
FROM orders
LEFT JOIN used ON used.tenant = orders.tenant AND used.subscriber = orders.subscription
LEFT JOIN stated ON stated.tenant = orders.tenant AND stated.holder = orders.subscription
LEFT JOIN invoiced ON invoiced.tenant = orders.tenant AND invoiced.payer = orders.subscription
COMMENT 'What became of each order of the thirty days up to the latest life-cycle event: when each step was done, first usage, first charge, and the step that failed with its error. 1970-01-01 = not yet.';

CREATE VIEW IF NOT EXISTS weir.lifecycle_waiting {on_cluster} AS
WITH
    arrayMax(arrayMap((done_at, number) -> if(toUnixTimestamp(done_at) > 0, number, 0), each_order.10, range(1, 7))) AS reached,
    arrayFirst(number -> number > reached, chain) AS next_number,
    arrayLastIndex(number -> number <= reached, chain) AS hop
SELECT
    tenant, each_order.1 AS subscription, each_order.2 AS order_id, each_order.3 AS plan, each_order.4 AS segment, each_order.5 AS begun_at,
    ['ordered', 'paid', 'activated', 'provisioned', 'first_usage', 'first_charge'][reached] AS step, ['ordered', 'paid', 'activated', 'provisioned', 'first_usage', 'first_charge'][next_number] AS next,
    (each_order.10)[reached] AS since, next = 'first_usage' AS up_to_customer,
    toUInt64(length(hops[hop])) AS finished, if(finished = 0, 0, arrayReduce('quantileExact(0.5)', hops[hop])) AS median_seconds, if(finished = 0, 0, arrayReduce('quantileExact(0.95)', hops[hop])) AS usual_seconds, greatest(3600, 2 * usual_seconds) AS patience_seconds,
    each_order.6 AS failed_step, each_order.7 AS failed_at, each_order.8 AS error, each_order.9 AS failures
FROM
(
    SELECT
        tenant, waiting,
        -- Steps that at least half of the orders reach: the others are not the way of this operator.
        arrayFilter(number -> arraySum(each -> toUInt64(toUnixTimestamp(each[number]) > 0), all_times) * 2 >= length(all_times), range(1, 7)) AS chain,
        -- How long each way from one of them to the next took.
        arrayMap(hop -> arrayMap(each -> toInt64(greatest(0, dateDiff('second', each[chain[hop]], each[chain[hop + 1]]))), arrayFilter(each -> toUnixTimestamp(each[chain[hop]]) > 0 AND toUnixTimestamp(each[chain[hop + 1]]) > 0, all_times)), range(1, length(chain))) AS hops
    FROM
    (
        SELECT
            tenant, groupArray(times) AS all_times,
            groupArrayIf((subscription, order_id, toString(plan), toString(segment), begun_at, toString(failed_step), failed_at, error, failures, times), state IN ('in work', 'failed')) AS waiting
        FROM
        (
            -- Read once: what is read twice in a view is computed twice.
            SELECT *, [ordered_at, paid_at, activated_at, provisioned_at, first_usage_at, first_charge_at] AS times
            FROM weir.lifecycle_to_cash
            WHERE state != 'ended'
        )
        GROUP BY tenant
    )
)
ARRAY JOIN waiting AS each_order
WHERE reached > 0 AND next_number > 0
COMMENT 'Orders of the last thirty days that are on their way: the step they did last, the next one, since when they wait, how long it usually takes (95th percentile) and from when on they are stuck (twice that, an hour at least).';
