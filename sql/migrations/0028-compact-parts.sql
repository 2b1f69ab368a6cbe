-- Parts below 128 MiB in one file instead of one for each column: a block of usage writes some 60 columns to each of four tables, and every file that is opened, synced and
-- renamed costs more than the rows in it. Larger parts, which merges make, keep a file for each column, where reading a few columns is cheap.

ALTER TABLE weir.usage{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE weir.usage_minute{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE weir.usage_hour{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE weir.quality_minute{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE weir.measurements{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE weir.measurement_minute{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;

ALTER TABLE weir.recent_readings{local} {on_cluster} MODIFY SETTING min_bytes_for_wide_part = 134217728;
