/** A batch of one source: the unit that is planned, stored, accounted and acknowledged as one. */

/** Where a record came from. Its identity in transport: ours to make unique. */
export interface BatchRange {
  readonly tenant: string;
  /** Name of the source in the settings. */
  readonly source: string;
  /** What orders positions within the source: `sha256:…` of a file, an idempotency key of a request, topic/partition. */
  readonly partition: string;
  /** First and last position, inclusive. */
  readonly first: number;
  readonly last: number;
}

/** What became of the positions of a batch: read = stored + rejected + dropped, always. */
export interface BatchCounts {
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
}

/**
 * The insert token of a range: the same range always has the same token, whoever sends it.
 * @example batchToken({ tenant: 'demo', source: 'msc', partition: 'sha256:ab', first: 1, last: 50000 }, 'usage') // 'demo/msc/sha256:ab/1-50000/usage'
 */
export function batchToken(range: BatchRange, table: string): string {
  return `${range.tenant}/${range.source}/${range.partition}/${range.first}-${range.last}/${table}`;
}
