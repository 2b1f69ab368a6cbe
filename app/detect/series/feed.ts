/** The closed buckets of a part out of the database: one query for all of them, in order. */
import { writeInstant } from '../../../core/row.ts';
import type { Bucket, SeriesDefinition } from '../../../detectors/series/index.ts';
import { whereParams } from '../../../detectors/series/index.ts';
import type { SeriesStore } from './port.ts';

/** Which part of a detector. */
export interface PartName {
  readonly definition: SeriesDefinition;
  /** The leg; of tables without legs their name. */
  readonly fixed: string;
  /** From 0; below the number of shards. */
  readonly shard: number;
}

/** A bucket with the number of records behind it. */
export interface FedBucket extends Bucket {
  readonly weight: number;
}

const deadline = { timeoutMs: 60_000 };

/**
 * A name for one part, for claims and snapshots.
 * @example partKey({ definition: usageVolume, fixed: 'switch', shard: 0 }) // 'usage_volume/switch/0'
 */
export function partKey({ definition, fixed, shard }: PartName): string {
  return `${definition.identity}/${fixed}/${shard}`;
}

function queryParams({ definition, fixed, shard }: PartName, tenant: string, currency: string, from: number, to: number) {
  const { metric, dimensions, bucketMs, shards } = definition;
  const usage = metric.table === 'usage';
  const cut = usage ? dimensions.slice(1) : dimensions;
  const charge = metric.numerator === 'charge';
  return {
    tenant,
    ...(usage ? { leg: fixed } : {}),
    ...whereParams(definition),
    first: cut[0] ?? 'tenant',
    second: cut[1] ?? 'tenant',
    third: cut[2] ?? 'tenant',
    numerator: metric.numerator,
    denominator: metric.denominator || 'records',
    currency: charge ? currency : '',
    window_seconds: bucketMs / 1000,
    from: writeInstant(from),
    to: writeInstant(to),
    shards,
    shard,
  };
}

/** Columns of the query: bucket, a, b, c, up, down, weight. */
type Columns = readonly [
  readonly number[],
  readonly string[],
  readonly string[],
  readonly string[],
  readonly number[],
  readonly number[],
  readonly number[],
];

/** Rows of equal bucket stand together, as the query orders them. */
function bucketsOf({ definition, fixed }: PartName, columns: Columns): Map<number, FedBucket> {
  const [bucket, a, b, c, up, down, weight] = columns;
  const usage = definition.metric.table === 'usage';
  const buckets = new Map<number, FedBucket>();
  for (let from = 0, to = 0; from < bucket.length; from = to) {
    while (to < bucket.length && bucket[to] === bucket[from]) to++;
    const cut = [a.slice(from, to), b.slice(from, to), c.slice(from, to)].slice(0, definition.dimensions.length - (usage ? 1 : 0));
    const labels = usage ? [new Array<string>(to - from).fill(fixed), ...cut] : cut;
    let total = 0;
    for (let row = from; row < to; row++) total += weight[row]!;
    const time = bucket[from]! * 1000;
    buckets.set(time, { time, labels, numerator: up.slice(from, to), denominator: down.slice(from, to), weight: total });
  }
  return buckets;
}

/** The rows of both, as one bucket. */
function joined(bucket: FedBucket, more: FedBucket): FedBucket {
  return {
    ...bucket,
    labels: bucket.labels.map((column, at) => [...column, ...more.labels[at]!]),
    numerator: [...Array.from(bucket.numerator), ...Array.from(more.numerator)],
    denominator: [...Array.from(bucket.denominator), ...Array.from(more.denominator)],
  };
}

async function read(store: SeriesStore, query: string, name: PartName, params: Record<string, unknown>): Promise<Map<number, FedBucket>> {
  const columns = await store.columns(query, params, deadline);
  return columns.length === 0 ? new Map() : bucketsOf(name, columns as unknown as Columns);
}

/**
 * Buckets that have any rows, by their start. Rejected records are added where `withRejected` is set and the metric counts records: they
 * came, and are another control's matter.
 */
export async function bucketsBetween(
  store: SeriesStore,
  name: PartName,
  of: { tenant: string; currency: string; from: number; to: number; withRejected: boolean },
): Promise<ReadonlyMap<number, FedBucket>> {
  const { metric } = name.definition;
  const params = queryParams(name, of.tenant, of.currency, of.from, of.to);
  const buckets = await read(store, `series-${metric.table}`, name, params);
  if (!of.withRejected || metric.name !== 'usage_records') return buckets;
  const { numerator: _, denominator: __, currency: ___, third: ____, ...rest } = params;
  for (const [time, unread] of await read(store, 'series-unread', name, rest)) {
    const bucket = buckets.get(time);
    buckets.set(time, bucket ? joined(bucket, unread) : unread);
  }
  return buckets;
}
