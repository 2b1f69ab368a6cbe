-- The orders of lifecycle_to_cash are read once for each query, not once for each table that they are held against.

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
    -- Evaluated once for each query, whatever asks for the orders below: an expression in its brackets is, a named query is not.
    (
        SELECT groupArray((tenant, subscription, since, order_id, plan, segment, ordered_at, paid_at, activated_at, provisioned_at, stated_usage_at, stated_charge_at, ended_at, failed_at, failed_step, error, failures))
        FROM
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
        )
    ) AS every_order,
    orders AS
    (
        SELECT
            each.1 AS tenant, each.2 AS subscription, each.3 AS since, each.4 AS order_id, each.5 AS plan, each.6 AS segment, each.7 AS ordered_at, each.8 AS paid_at, each.9 AS activated_at, each.10 AS provisioned_at, each.11 AS stated_usage_at, each.12 AS stated_charge_at, each.13 AS ended_at, each.14 AS failed_at, each.15 AS failed_step, each.16 AS error, each.17 AS failures
        FROM (SELECT arrayJoin(every_order) AS each)
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
