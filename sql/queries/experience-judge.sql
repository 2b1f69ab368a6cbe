-- Judges one day of the customers of one range of pseudonyms: docs/experience.md. The ranges cut the primary key of usage, so that each
-- statement reads its own customers and holds no more of them. Arrays of the settings go along with `names`.
-- Three arrays for each customer and hour: sums, divisors and samples; value = scale x sum / divisor, of complaints the sum.
INSERT INTO experience_scores (tenant, day, run, customer, segment, plan, state, cei, mean, worst_hour, worst_hour_cei, floor_kpi, weakest_kpi, samples, kpi, value, kpi_samples, score, share)
WITH
    ['voice_setup', 'voice_drop', 'voice_mos', 'voice_delay', 'sms_delivery', 'data_session', 'data_throughput', 'data_loss', 'access_online', 'complaints', 'complaints_repeated'] AS names,
    [100, 100, 1, 0.001, 100, 100, 8e-6, 1, 100, 1, 1] AS scales,
    [1, 1, 1, 1, 2, 3, 3, 3, 4, 5, 5] AS of_service,
    {bads:Array(Float64)} AS bads, {goods:Array(Float64)} AS goods, {weights:Array(Float64)} AS weights, {minimums:Array(UInt32)} AS minimums, {floors:Array(UInt8)} AS floors,
    {service_weights:Array(Float64)} AS service_weights,
    usage_hours AS
    (
        SELECT
            subscriber AS who, toStartOfHour(start_time) AS hour,
            argMaxIf(segment, start_time, segment != '') AS used_segment, argMaxIf(plan, start_time, plan != '') AS used_plan,
            countIf(voice AND (answered OR cause_class NOT IN ('', 'unknown'))) AS calls, countIf(voice AND (answered OR cause_class IN ('normal', 'user'))) AS set_up,
            countIf(voice AND answered AND cause_class NOT IN ('', 'unknown')) AS released, countIf(voice AND answered AND cause_class IN ('network', 'congestion', 'interworking')) AS dropped,
            countIf(voice AND mos IS NOT NULL) AS rated, sumIf(ifNull(mos, 0), voice) AS mos_sum,
            countIf(voice AND direction = 'mo' AND post_dial_delay_ms > 0) AS rung, sumIf(post_dial_delay_ms, voice AND direction = 'mo') AS delay_sum,
            countIf(message AND (answered OR final_status != '' OR cause != 0 OR sip_code != 0)) AS messages, countIf(message AND answered) AS delivered,
            countIf(session) AS sessions, countIf(session AND (answered OR octets_up + octets_down > 0 OR duration_seconds > 0)) AS accepted,
            countIf(large) AS fast, sumIf(toFloat64(octets_down) * octets_down / duration_seconds, large) AS rate_sum, sumIf(toFloat64(octets_down), large) AS rate_octets,
            countIf(service = 'data' AND loss_percent IS NOT NULL) AS lossy, sumIf(ifNull(loss_percent, 0), service = 'data') AS loss_sum,
            [toFloat64(set_up), toFloat64(dropped), toFloat64(mos_sum), toFloat64(delay_sum), toFloat64(delivered), toFloat64(accepted), rate_sum, toFloat64(loss_sum), 0., 0., 0.] AS sums,
            [toFloat64(calls), toFloat64(released), toFloat64(rated), toFloat64(rung), toFloat64(messages), toFloat64(sessions), rate_octets, toFloat64(lossy), 0., 0., 0.] AS divisors,
            [toUInt64(calls), released, rated, rung, messages, sessions, fast, lossy, 0, 0, 0] AS samples
        FROM
        (
            SELECT
                usage.*, service = 'voice' AS voice, service IN ('sms', 'mms') AS message, -- Of partial records the first is the session.
                service = 'data' AND partial_sequence <= 1 AS session,
                service = 'data' AND octets_down >= 1000000 AND duration_seconds >= 1 AS large
            FROM usage
            WHERE tenant = {tenant:String} AND leg IN {legs:Array(String)} AND service IN ('voice', 'sms', 'mms', 'data')
                AND toStartOfHour(start_time) >= {from:DateTime64(3, 'UTC')} AND toStartOfHour(start_time) < {to:DateTime64(3, 'UTC')}
                AND subscriber >= {low:UInt64} AND subscriber <= {high:UInt64} AND subscriber != 0
                AND leg = transform(service, ['voice', 'sms', 'mms', 'data'], {service_legs:Array(String)}, '') AND direction != 'transit' AND duplicate = 0
        )
        GROUP BY who, hour
    ),
    lines AS
    (
        SELECT DISTINCT parent AS ont, toUInt64OrZero(child) AS who
        FROM topology_edges
        WHERE tenant = {tenant:String} AND child_type = 'customer' AND who >= {low:UInt64} AND who <= {high:UInt64} AND who != 0
            AND valid_from < {to:DateTime64(3, 'UTC')} AND (valid_to > {from:DateTime64(3, 'UTC')} OR toUnixTimestamp64Milli(valid_to) = 0)
    ),
    online_hours AS
    (
        SELECT who, hour, sum(up) AS online, sum(readings) AS read
        FROM
        (
            SELECT device, toStartOfHour(event_time) AS hour, countIf(measurements.value > 0) AS up, count() AS readings
            FROM measurements
            WHERE tenant = {tenant:String} AND metric IN {online_metrics:Array(String)} AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                -- Leaves out the parts of earlier months.
                AND ingest_time >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
                AND device IN (SELECT ont FROM lines)
            GROUP BY device, hour
        ) AS readings
        INNER JOIN lines ON lines.ont = readings.device
        GROUP BY who, hour
    ),
    complaint_hours AS
    (
        SELECT who, toStartOfHour(at) AS hour, count() AS complaints, countIf(toUnixTimestamp64Milli(before) > 0) AS repeated
        FROM
        (
            SELECT who, topic, at, lagInFrame(at) OVER (PARTITION BY who, topic ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS earlier, if(earlier >= at - INTERVAL 30 DAY, earlier, toDateTime64(0, 3, 'UTC')) AS before
            FROM
            (
                SELECT subscription AS who, complaints.topic AS topic, min(event_time) AS at
                FROM complaints
                WHERE tenant = {tenant:String} AND subscription >= {low:UInt64} AND subscription <= {high:UInt64} AND subscription != 0
                    AND event_time >= {from:DateTime64(3, 'UTC')} - INTERVAL 30 DAY AND event_time < {to:DateTime64(3, 'UTC')}
                -- A complaint that is stated again is one complaint.
                GROUP BY who, topic, if(complaint_id = '', toString(record_id), complaint_id)
            )
        )
        WHERE at >= {from:DateTime64(3, 'UTC')}
        GROUP BY who, hour
    ),
    hours AS
    (
        SELECT who, hour, argMax(used_segment, used_segment != '') AS hour_segment, argMax(used_plan, used_plan != '') AS hour_plan, sumForEach(sums) AS hour_sums, sumForEach(divisors) AS hour_divisors, sumForEach(samples) AS hour_samples
        FROM
        (
            SELECT who, toDateTime(hour, 'UTC') AS hour, toString(used_segment) AS used_segment, toString(used_plan) AS used_plan, sums, divisors, samples FROM usage_hours
            UNION ALL
            SELECT who, toDateTime(hour, 'UTC'), '', '', arrayMap(name -> toFloat64(if(name = 'access_online', online, 0)), names), arrayMap(name -> toFloat64(if(name = 'access_online', read, 0)), names), arrayMap(name -> toUInt64(if(name = 'access_online', read, 0)), names) FROM online_hours
            UNION ALL
            SELECT who, toDateTime(hour, 'UTC'), '', '', arrayMap(name -> toFloat64(multiIf(name = 'complaints', complaints, name = 'complaints_repeated', repeated, 0)), names), arrayMap(name -> toFloat64(name IN ('complaints', 'complaints_repeated')), names), arrayMap(name -> toUInt64(if(name IN ('complaints', 'complaints_repeated'), complaints, 0)), names) FROM complaint_hours
        )
        GROUP BY who, hour
    ),
    hour_scores AS
    (
        SELECT
            who, hour, hour_segment, hour_plan, hour_sums, hour_divisors, hour_samples,
            arrayMap((n, weight, service) -> service != 5 AND n >= {hour_minimum:UInt32} AND weight > 0 AND service_weights[service] > 0, hour_samples, weights, of_service) AS hour_counts,
            arrayMap((sum, divisor, scale, bad, good) -> greatest(0, least(100, 100 * (scale * sum / if(divisor = 0, 1, divisor) - bad) / (good - bad))), hour_sums, hour_divisors, scales, bads, goods) AS hour_points,
            arrayMap(service -> arraySum((counted, weight, of) -> if(of = service AND counted, weight, 0), hour_counts, weights, of_service), range(1, 6)) AS hour_within,
            arraySum((weight, within) -> if(within > 0, weight, 0), service_weights, hour_within) AS hour_all,
            if(hour_all = 0, NULL, arraySum((counted, weight, of, points) -> if(counted, service_weights[of] * weight / hour_within[of] / hour_all * points, 0), hour_counts, weights, of_service, hour_points)) AS hour_index
        FROM hours
    ),
    days AS
    (
        SELECT
            who, argMax(hour_segment, (hour_segment != '', hour)) AS day_segment, argMax(hour_plan, (hour_plan != '', hour)) AS day_plan,
            sumForEach(hour_sums) AS day_sums, sumForEach(hour_divisors) AS day_divisors, sumForEach(hour_samples) AS day_samples,
            minIf(hour_index, hour_index IS NOT NULL) AS worst, argMinIf(hour, (hour_index, hour), hour_index IS NOT NULL) AS worst_at
        FROM hour_scores
        GROUP BY who
    ),
    scored_days AS
    (
        SELECT
            *,
            arrayMap((n, least, weight, service) -> weight > 0 AND service_weights[service] > 0 AND if(service = 5, {complaints_known:UInt8} = 1, n >= least), day_samples, minimums, weights, of_service) AS counts,
            arrayMap((sum, divisor, scale, service) -> if(service = 5, sum, scale * sum / if(divisor = 0, 1, divisor)), day_sums, day_divisors, scales, of_service) AS figures,
            arrayMap((figure, bad, good) -> greatest(0, least(100, 100 * (figure - bad) / (good - bad))), figures, bads, goods) AS points,
            arrayExists((counted, n) -> counted AND n > 0, counts, day_samples) AS scored,
            arrayMap(service -> arraySum((counted, weight, of) -> if(of = service AND counted, weight, 0), counts, weights, of_service), range(1, 6)) AS within,
            arraySum((weight, inner_weight) -> if(inner_weight > 0, weight, 0), service_weights, within) AS all,
            arrayMap((counted, weight, of) -> if(scored AND counted, service_weights[of] * weight / within[of] / all, 0), counts, weights, of_service) AS shares,
            arraySum((part, each) -> part * each, shares, points) AS day_mean,
            day_mean - if(worst IS NULL, 0, {hour_share:Float64} * greatest(0, day_mean - ifNull(worst, 0))) AS with_hour,
            arraySort(each -> (each.1, each.2), arrayFilter(each -> each.1 < {floor_below:Float64} AND counts[each.2] AND floors[each.2] = 1, arrayMap((each, at) -> (each, at), points, arrayEnumerate(points)))) AS terrible,
            arrayReverseSort(each -> (each.1, -each.2), arrayFilter(each -> each.1 > 0, arrayMap((part, each, at) -> (part * (100 - each), toInt64(at)), shares, points, arrayEnumerate(points)))) AS costly,
            arrayFilter(at -> day_samples[at] > 0 OR counts[at], arrayEnumerate(names)) AS shown
        FROM days
    )
SELECT
    {tenant:String}, toDate({from:DateTime64(3, 'UTC')}), {run:UInt64}, scored_days.who,
    if(day_segment != '', day_segment, toString(known_segment)), if(day_plan != '', day_plan, toString(known_plan)),
    if(scored, 'scored', 'too_few'),
    if(NOT scored, NULL, if(empty(terrible), with_hour, least(with_hour, {floor_cap:Float64}))),
    if(NOT scored, NULL, day_mean),
    if(worst IS NULL, toDateTime(0, 'UTC'), worst_at), worst,
    if(scored AND notEmpty(terrible), names[terrible[1].2], ''), if(notEmpty(costly), names[costly[1].2], ''),
    arraySum((n, name) -> if(name = 'complaints_repeated', 0, n), day_samples, names),
    arrayMap(at -> names[at], shown), arrayMap(at -> figures[at], shown), arrayMap(at -> day_samples[at], shown),
    arrayMap(at -> if(counts[at], points[at], NULL), shown), arrayMap(at -> shares[at], shown)
FROM scored_days
LEFT JOIN
(
    SELECT subscription AS holder, argMaxIf(segment, valid_from, segment != '') AS known_segment, argMaxIf(plan, valid_from, plan != '') AS known_plan
    FROM subscriptions
    WHERE tenant = {tenant:String} AND subscription >= {low:UInt64} AND subscription <= {high:UInt64} AND subscription != 0 AND valid_from < {to:DateTime64(3, 'UTC')}
    GROUP BY holder
) AS held ON held.holder = scored_days.who
SETTINGS max_bytes_before_external_group_by = 1000000000, max_threads = 2
