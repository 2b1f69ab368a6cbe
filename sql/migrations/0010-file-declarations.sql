-- What a file declares besides totals: records lost before it, why it was closed, between which times its events lie.

ALTER TABLE weir.files{local} {on_cluster}
    ADD COLUMN IF NOT EXISTS `declared_lost` Nullable(UInt64) COMMENT 'Records that the sender says it lost (lost-CDR indicator)' AFTER `declared_charge`,
    ADD COLUMN IF NOT EXISTS `closure_reason` Nullable(UInt64) COMMENT 'Why the sender closed the file (3GPP TS 32.297): from 128 on abnormally' AFTER `declared_lost`,
    ADD COLUMN IF NOT EXISTS `declared_from` DateTime64(3, 'UTC') COMMENT 'No event began before, as declared, UTC; 1970-01-01 = not stated' AFTER `closure_reason`,
    ADD COLUMN IF NOT EXISTS `declared_to` DateTime64(3, 'UTC') COMMENT 'No event began after, as declared, UTC; 1970-01-01 = not stated' AFTER `declared_from`;

-- On a cluster the table that people query needs them too; on one server they are there.
ALTER TABLE weir.files {on_cluster}
    ADD COLUMN IF NOT EXISTS `declared_lost` Nullable(UInt64) COMMENT 'Records that the sender says it lost (lost-CDR indicator)' AFTER `declared_charge`,
    ADD COLUMN IF NOT EXISTS `closure_reason` Nullable(UInt64) COMMENT 'Why the sender closed the file (3GPP TS 32.297): from 128 on abnormally' AFTER `declared_lost`,
    ADD COLUMN IF NOT EXISTS `declared_from` DateTime64(3, 'UTC') COMMENT 'No event began before, as declared, UTC; 1970-01-01 = not stated' AFTER `closure_reason`,
    ADD COLUMN IF NOT EXISTS `declared_to` DateTime64(3, 'UTC') COMMENT 'No event began after, as declared, UTC; 1970-01-01 = not stated' AFTER `declared_from`;

CREATE OR REPLACE VIEW weir.files_latest {on_cluster} AS
SELECT * FROM weir.files
ORDER BY version DESC
LIMIT 1 BY tenant, source, sha256, received_at, name
COMMENT 'The latest state of each file receipt.';
