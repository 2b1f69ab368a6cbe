-- Detectors over series: what they have learned as snapshots of whole parts, and how each series stands. Why snapshots and not
-- series_profiles, which nothing writes any more: docs/decisions/0012-series.md.

CREATE TABLE IF NOT EXISTS weir.series_snapshots{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `part` LowCardinality(String) COMMENT 'Part of a detector: detector/leg/shard',
    `judged_to` DateTime64(3, 'UTC') COMMENT 'End of the last bucket it has learned, UTC',
    `chunk` UInt32 COMMENT 'Number of this piece, from 0',
    `chunks` UInt32 COMMENT 'Pieces of the snapshot: it counts only when all are there',
    `series` UInt64 COMMENT 'Series in it',
    `taken_at` DateTime64(3, 'UTC') COMMENT 'When it was taken, UTC',
    `body` String COMMENT 'The piece, base64'
)
ENGINE = {engine MergeTree}
ORDER BY (tenant, part, judged_to, taken_at, chunk)
TTL toDateTime(taken_at) + INTERVAL 8 DAY
SETTINGS {window}
COMMENT 'What detectors over series have learned: a restart and late data go on from here.';

DISTRIBUTED weir.series_snapshots BY cityHash64(tenant, part);

CREATE TABLE IF NOT EXISTS weir.series{local} {on_cluster}
(
    `tenant` LowCardinality(String) COMMENT 'Tenant',
    `detector` LowCardinality(String) COMMENT 'Detector',
    `series_key` String COMMENT 'Stable hash of detector and scope',
    `metric` LowCardinality(String) COMMENT 'Metric',
    `scope` Map(String, String) COMMENT 'Scope of the series: dimension to value',
    `unit` LowCardinality(String) COMMENT 'Unit of the figures',
    `first_seen` DateTime64(3, 'UTC') COMMENT 'Start of its first bucket, UTC',
    `judged_to` DateTime64(3, 'UTC') COMMENT 'End of the last bucket that was judged, UTC',
    `bucket_seconds` UInt32 COMMENT 'Length of a bucket, in seconds',
    `observed` Nullable(Float64) COMMENT 'Value of the last bucket; null = no data',
    `expected` Nullable(Float64) COMMENT 'What was expected of it',
    `lower` Nullable(Float64) COMMENT 'Lower end of the band, p = 0.001',
    `upper` Nullable(Float64) COMMENT 'Upper end of the band',
    `score` Float64 COMMENT '-log10 of the calibrated p of the last bucket',
    `visible_drop` Nullable(Float64) COMMENT 'Smallest drop that would be seen within an hour, as a share; null = not even a full stop',
    `open` Bool COMMENT 'Whether a finding stands against it',
    `updated_at` DateTime64(3, 'UTC') COMMENT 'When this was written, UTC'
)
ENGINE = {engine ReplacingMergeTree(updated_at)}
ORDER BY (tenant, detector, series_key)
TTL toDateTime(updated_at) + INTERVAL 60 DAY
SETTINGS {window}
COMMENT 'Every series of every detector as it stands, with its blindness. Read with FINAL, or the view series_latest.';

DISTRIBUTED weir.series BY cityHash64(tenant, series_key);

CREATE VIEW IF NOT EXISTS weir.series_latest {on_cluster} AS
SELECT * FROM weir.series
ORDER BY updated_at DESC
LIMIT 1 BY tenant, detector, series_key
COMMENT 'Every series of every detector as it stands: what it expects, and the smallest drop it would show within an hour.';
