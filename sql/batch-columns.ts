/**
 * The columns with which every stored row of every record kind begins: where it came from and when it was stored.
 * `tenant`, `source`, `partition`, `file` and `ingest_time` are constant within a batch.
 */
export interface BatchColumn {
  /** The ClickHouse type. */
  readonly type: string;
  /** The comment that `DESCRIBE` shows. */
  readonly comment: string;
}

/** Batch columns by name, in table order. */
export const batchColumns: Readonly<Record<string, BatchColumn>> = {
  tenant: { type: 'LowCardinality(String)', comment: 'Tenant: the operator whose record it is' },
  source: { type: 'LowCardinality(String)', comment: 'Source in the settings that brought it' },
  partition: {
    type: 'LowCardinality(String)',
    comment: 'What orders positions within the source: sha256 of a file, key of a request, topic/partition',
  },
  position: { type: 'UInt64', comment: 'Position within the partition: line, element or offset' },
  file: { type: 'LowCardinality(String)', comment: 'File it came in, without directories; empty = not from a file' },
  record_id: {
    type: 'UUID',
    comment: 'Identity of the record: hash of tenant, source and partition, then the position; a replay has the same',
  },
  ingest_time: { type: "DateTime64(3, 'UTC')", comment: 'When its batch was built, UTC; the same for a whole batch' },
};
