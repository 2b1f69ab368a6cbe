/** Late data: buckets that have grown since they were judged. */
import { writeInstant } from '../../../core/row.ts';
import type { SeriesTable } from '../../../detectors/series/metrics.ts';
import type { PartName } from './feed.ts';
import type { SeriesStore } from './port.ts';

/** A bucket has grown when it has this share more than it was judged on, or than buckets have on average; a few stragglers move no judgement. */
const grownShare = 0.05;
/** And by more than this many deviations of chance. */
const chance = 3;
/** How long what a bucket was judged on is remembered. */
const rememberMs = 7 * 86_400_000;
/** Buckets are compared in quarters of an hour. */
const quarterMs = 15 * 60_000;
/** Looks overlap, because a row may become visible a little after the instant that it carries. */
const overlapMs = 60_000;
/** What came this long before a restart may be touched again by what comes after it. */
const baseMs = 2 * 86_400_000;
/** Late data is looked for this often. */
const everyMs = 30_000;

export interface Late {
  /** A bucket was judged on so many records. */
  judged(name: PartName, time: number, weight: number): void;
  /** Earliest bucket of each leg, or table without legs, that has grown since it was judged. */
  look(
    parts: readonly { readonly name: PartName; readonly part: { judgedTo(): number } }[],
    instant: number,
  ): Promise<ReadonlyMap<string, number>>;
}

/** Parts that see all records of their leg: only they know what a bucket held. */
function seesAll({ definition, shard }: PartName): boolean {
  return shard === 0 && definition.shards === 1 && Object.keys(definition.where).length === 0 && definition.metric.name !== 'device_gauge';
}

export function createLate(store: SeriesStore, tenant: string): Late {
  const weights = new Map<string, Map<number, number>>();
  const speakers = new Map<string, string>();
  /** Tables of which it is known what stood when this process began. */
  const based = new Set<SeriesTable>();
  let lookedTo = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    judged(name, time, weight) {
      if (!seesAll(name)) return;
      const { definition, fixed } = name;
      // One detector speaks for the leg, or its buckets would be counted several times.
      const speaker = speakers.get(fixed) ?? definition.identity;
      speakers.set(fixed, speaker);
      if (speaker !== definition.identity) return;
      const own = weights.get(fixed) ?? new Map<number, number>();
      weights.set(fixed, own);
      const quarter = Math.floor(time / quarterMs) * quarterMs;
      // A bucket longer than a quarter is laid on its quarters; a shorter one is added up from its first.
      const quarters = Math.max(1, definition.bucketMs / quarterMs);
      for (let at = 0; at < quarters; at++) {
        const first = time === quarter;
        own.set(quarter + at * quarterMs, (first ? 0 : (own.get(quarter) ?? 0)) + weight / quarters);
      }
      if (own.size > 2000) for (const key of own.keys()) if (key < time - rememberMs) own.delete(key);
    },
    async look(parts, instant) {
      const found = new Map<string, number>();
      if (instant - lookedAt < everyMs) return found;
      const since = lookedTo;
      lookedAt = instant;
      lookedTo = instant - overlapMs;
      if (since === 0) return found;
      const tables = new Set<SeriesTable>(parts.map(({ name }) => name.definition.metric.table));
      for (const table of tables) {
        const judgedTo = parts.reduce(
          (most, { name, part }) => (name.definition.metric.table === table ? Math.max(most, part.judgedTo()) : most),
          0,
        );
        if (judgedTo === 0) continue;
        // What was judged before a restart: what is there now is what it was judged on, or all of it would have grown.
        const known = based.has(table);
        const params = {
          tenant,
          since: writeInstant(known ? since : instant - baseMs),
          until: writeInstant(instant),
          judged_to: writeInstant(judgedTo),
        };
        const columns = await store.columns(`series-late-${table}`, params, { timeoutMs: 30_000 });
        const [part, bucket, total] = columns as unknown as [readonly string[], readonly number[], readonly (number | string)[]];
        if (!known) {
          based.add(table);
          for (const [row, name] of (part ?? []).entries()) {
            const own = weights.get(name) ?? new Map<number, number>();
            weights.set(name, own);
            const time = bucket[row]! * 1000;
            if (!own.has(time)) own.set(time, Number(total[row]));
          }
        }
        for (let row = 0; row < (part?.length ?? 0); row++) {
          const time = bucket[row]! * 1000;
          const own = weights.get(part[row]!);
          if (!own || time >= lastOf(own)) continue;
          const before = own.get(time) ?? 0;
          const usual = Math.max(before, meanOf(own));
          const grown = Number(total[row]) - before > grownShare * usual + chance * Math.sqrt(usual);
          if (grown) found.set(part[row]!, Math.min(found.get(part[row]!) ?? Number.POSITIVE_INFINITY, time));
        }
      }
      for (const [fixed, from] of found) {
        const own = weights.get(fixed);
        if (own) for (const time of own.keys()) if (time >= from) own.delete(time);
      }
      return found;
    },
  };
}

/** Start of the last bucket that was judged. */
function lastOf(weights: ReadonlyMap<number, number>): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...weights.keys());
}

function meanOf(weights: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  return weights.size === 0 ? 0 : sum / weights.size;
}
