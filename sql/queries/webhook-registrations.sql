-- Registered webhooks as they stand, removed ones too; of two rows with one number the one that was stored holds.
SELECT
    name,
    argMax(webhook_registrations.url, version) AS url,
    argMax(webhook_registrations.minimum_severity, version) AS minimum_severity,
    argMax(webhook_registrations.state, version) AS state,
    argMax(webhook_registrations.generation, version) AS generation,
    toUnixTimestamp64Milli(argMax(webhook_registrations.rotated_at, version)) AS rotated_ms,
    max(version) AS last_version,
    argMax(webhook_registrations.actor, version) AS actor,
    toUnixTimestamp64Milli(argMax(webhook_registrations.at, version)) AS at_ms
FROM webhook_registrations
WHERE tenant = {tenant:String} AND ({name:String} = '' OR name = {name:String})
GROUP BY name
ORDER BY name
LIMIT {limit:UInt32}
