-- Incidents opened in a stretch of time, by who saw them first, with the lead that others had over the detection, in seconds.
SELECT
    if(JSONExtractString(body, 'first_seen_by') = '', 'weir', JSONExtractString(body, 'first_seen_by')) AS seen_by,
    count() AS incidents,
    quantileIf(0.5)(dateDiff('second', parseDateTime64BestEffortOrZero(JSONExtractString(body, 'reported_at'), 3, 'UTC'), detected_at), JSONExtractString(body, 'reported_at') != '') AS lead_seconds,
    sum(JSONExtractUInt(body, 'complaints', 'count')) AS complaints
FROM incident_latest
WHERE tenant = {tenant:String} AND detected_at >= {from:DateTime64(3, 'UTC')} AND detected_at < {to:DateTime64(3, 'UTC')}
    AND JSONExtractString(body, 'merged_into') = ''
GROUP BY seen_by
ORDER BY incidents DESC, seen_by
