-- A run writes a part for each slice of time. Merging them while it works would cost as much as a tenth of the run again and again: they
-- are left alone, and each run becomes one part once it has rested for half an hour.

ALTER TABLE weir.reconciliation_pairs{local} {on_cluster} MODIFY SETTING
    min_parts_to_merge_at_once = 64, min_age_to_force_merge_seconds = 1800, min_age_to_force_merge_on_partition_only = 1;
