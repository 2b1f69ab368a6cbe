/**
 * The series engine: every part of every detector is brought as far as its data is complete, bucket by bucket in order. What is older than
 * a day teaches and is not told; what is late makes the part go back to a snapshot and learn again.
 */

import type { Finding } from '../../../core/finding.ts';
import { readInstant, writeInstant } from '../../../core/row.ts';
import type { Settings } from '../../../core/settings/index.ts';
import { createPart, labelsOf, type Part, type SeriesDefinition } from '../../../detectors/series/index.ts';
import type { DetectionLog } from '../port.ts';
import { bucketsBetween, type FedBucket, type PartName, partKey } from './feed.ts';
import { keepPart, keptPart } from './keep.ts';
import { createLate } from './late.ts';
import { createPages } from './pages.ts';
import type { SeriesStore } from './port.ts';
import { createVoice, type Said } from './say.ts';
import { scoreRows, seriesRows } from './write.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What is older than this teaches, and is not told: nobody can act on a drop of last week. */
const toldMs = dayMs;
/** How much of the past a part learns from. */
const learnMs = 60 * dayMs;
/** A part is kept again after so much event time. */
const keepEveryMs = 4 * hourMs;
/** How the series stand is stored so often by the clock, of parts up to this many series; of larger ones with each snapshot. */
const writeEveryMs = 5 * 60_000;
const freshSeries = 5_000;
/** While it learns the past it is kept so often. */
const keepLearningMs = 14 * dayMs;
/** Event time that is read at once: as much as is likely to bring so many rows. */
const chunkRows = 200_000;
const longestChunkMs = 60 * dayMs;
/** The first that is read of a part: nobody knows yet how many series it has. */
const firstChunkMs = hourMs;
/** How each series stands is stored so many at once. */
const rowsAtOnce = 20_000;

/** What the calendars say. */
export interface SeriesCalendar {
  dayOf(calendar: string, instant: number): { readonly likeDay: number } | undefined;
  /** Whether maintenance holds for labels in [from, to). */
  holds(labels: Readonly<Record<string, string>>, from: number, to: number): boolean;
  /** Whether any maintenance may hold in [from, to) at all. */
  anyHeld(from: number, to: number): boolean;
}

export interface SeriesOptions {
  readonly store: SeriesStore;
  readonly settings: Settings;
  readonly definitions: readonly SeriesDefinition[];
  readonly log: DetectionLog;
  /** End of the last bucket that was told, by `detector/part/shard`, from before a restart. */
  readonly told?: { get(key: string): number | undefined };
  readonly calendar?: SeriesCalendar;
  /** By how much verdicts move the score limit of a series; positive = stricter. */
  readonly shift?: (definition: SeriesDefinition, labels: Readonly<Record<string, string>>) => number;
  /** Whether this process is to judge a part; default all. */
  readonly owns?: (key: string) => boolean;
  /** False: nothing is written, nothing is kept, late data is not looked for. For a replay. */
  readonly writes?: boolean;
}

/** How a part stands. */
export interface PartReport {
  readonly key: string;
  readonly detector: string;
  readonly part: Part;
  /** Event time that it has yet to judge, ms. */
  readonly behindMs: number;
}

/** Told at an instant. */
export interface Told extends Said {
  readonly instant: number;
}

export interface Advanced {
  /** False when something is left to do. */
  readonly done: boolean;
  /** What went wrong, by detector; the others went on. */
  readonly failed: ReadonlyMap<string, string>;
}

export interface SeriesEngine {
  /**
   * Judges what is complete, the parts in turn.
   * @param complete event time up to which each leg is complete
   * @param firing what is firing, asked before each judgement
   * @param over what others told that has cleared lately; default nothing
   * @param tell takes what is said, in order
   * @param budgetMs time after which it stops, to go on next time
   */
  advance(of: {
    readonly complete: ReadonlyMap<string, number>;
    readonly instant: number;
    readonly firing: () => readonly Finding[];
    readonly over?: () => readonly Finding[];
    readonly tell: (told: Told) => void;
    readonly budgetMs: number;
  }): Promise<Advanced>;
  parts(): readonly PartReport[];
  /** Keeps every part that has learned since it was kept. */
  keep(instant: number): Promise<void>;
}

interface Held {
  readonly name: PartName;
  readonly key: string;
  part: Part;
  keptTo: number;
  /** Told up to here; never told again. */
  toldTo: number;
  completeTo: number;
  /** Late data: to go back to before this; undefined = nothing. */
  backTo: number | undefined;
  /** Told once when this is reached again; 0 = not on the way back. */
  againAt: number;
  /** When it last went back, and how long it took to be where it was, in ms. */
  backAt: number;
  backMs: number;
  /** How its series stand was stored as of this bucket, at this instant of the clock. */
  writtenTo: number;
  writtenAt: number;
  /** What a replay has read ahead. */
  ahead: { readonly from: number; readonly to: number; readonly buckets: ReadonlyMap<number, FedBucket> };
  /** Event time to read at once. */
  chunkMs: number;
  /** Scores of these series are stored although nothing is wrong. */
  pinned: readonly number[];
  pinnedAt: number;
}

/** The next chunk after one of `readMs` brought so many rows; it grows at most fourfold. */
function nextChunk(chunkMs: number, readMs: number, rows: number): number {
  if (readMs < chunkMs && rows < chunkRows) return chunkMs;
  return Math.min(longestChunkMs, 4 * chunkMs, (readMs * chunkRows) / Math.max(1, rows));
}

export function createSeriesEngine(options: SeriesOptions): SeriesEngine {
  const { store, settings, definitions, log, calendar, shift, owns = () => true, writes = true } = options;
  const { tenant, currency } = settings;
  const held = new Map<string, Held>();
  const voice = createVoice(store, settings);
  const late = createLate(store, tenant);
  const pages = createPages(store, tenant);
  let begins: ReadonlyMap<string, number> = new Map();
  let turn = 0;

  const namesOf = (complete: ReadonlyMap<string, number>): PartName[] =>
    definitions.flatMap((definition) => {
      const { table } = definition.metric;
      const fixed = table === 'usage' ? [...complete.keys()].filter((leg) => leg !== 'measurements' && leg !== 'lifecycle') : [table];
      return fixed
        .filter((each) => complete.has(each))
        .flatMap((each) => Array.from({ length: definition.shards }, (_, shard) => ({ definition, fixed: each, shard })));
    });

  const open = async (name: PartName, before: number): Promise<Held> => {
    const key = partKey(name);
    const kept = writes ? await keptPart(store, tenant, name, before) : undefined;
    const part = createPart(name.definition, name.fixed, kept);
    const opened: Held = {
      name,
      key,
      part,
      keptTo: part.judgedTo(),
      toldTo: options.told?.get(key) ?? 0,
      completeTo: 0,
      backTo: undefined,
      againAt: 0,
      backAt: 0,
      backMs: 0,
      writtenTo: 0,
      writtenAt: 0,
      ahead: { from: 0, to: 0, buckets: new Map() },
      chunkMs: firstChunkMs,
      pinned: [],
      pinnedAt: 0,
    };
    held.set(key, opened);
    return opened;
  };

  /** Where a part begins that has learned nothing: at the earliest bucket there is. */
  const beginOf = async (name: PartName, instant: number): Promise<number | undefined> => {
    if (!begins.has(name.fixed)) {
      const since = writeInstant(Math.max(0, instant - learnMs));
      const rows = await store.rows<{ part: string; earliest: string }>('series-begin', { tenant, since }, { timeoutMs: 60_000 });
      begins = new Map(rows.map(({ part, earliest }) => [part, readInstant(earliest)]));
    }
    const begin = begins.get(name.fixed);
    return begin === undefined ? undefined : Math.floor(begin / name.definition.bucketMs) * name.definition.bucketMs;
  };

  const tickOf = (one: Held, bucket: FedBucket): void => {
    const { part } = one;
    const { definition } = part;
    const to = bucket.time + definition.bucketMs;
    const hint = calendar?.dayOf(definition.calendar, bucket.time);
    const maintained = calendar?.anyHeld(bucket.time, to) ?? false;
    part.tick(bucket, {
      ...(hint && hint.likeDay > 0 ? { hint: { likeDay: hint.likeDay } } : {}),
      ...(maintained
        ? { held: (node: number) => calendar!.holds({ ...labelsOf(part, node), detector: definition.identity }, bucket.time, to) }
        : {}),
      ...(shift ? { shift: (node: number, direction: 'down' | 'up') => shift(definition, { ...labelsOf(part, node), direction }) } : {}),
    });
  };

  /** Series whose scores are always stored: the largest, chosen once a day. */
  const pin = (one: Held): void => {
    const { part } = one;
    if (part.judgedTo() - one.pinnedAt < dayMs) return;
    one.pinnedAt = part.judgedTo();
    const { expected } = part.state.bank;
    const all = Array.from({ length: part.state.nodes.size }, (_, node) => node).filter((node) => expected[node]! > 0);
    one.pinned = all.sort((a, b) => expected[b]! - expected[a]!).slice(0, part.definition.pinned);
  };

  /** The buckets of a stretch; in a replay, where nothing changes any more, a day is read ahead. */
  const read = async (one: Held, from: number, to: number, instant: number): Promise<ReadonlyMap<number, FedBucket>> => {
    if (from >= one.ahead.from && to <= one.ahead.to) return one.ahead.buckets;
    const end = writes ? to : Math.max(to, from + dayMs);
    const buckets = await bucketsBetween(store, one.name, { tenant, currency, from, to: end, withRejected: to > instant - 8 * dayMs });
    if (!writes) one.ahead = { from, to: end, buckets };
    return buckets;
  };

  type Advance = Parameters<SeriesEngine['advance']>[0];

  /** One stretch of a part. True when it is as far as its data. */
  const stretch = async (one: Held, { instant, firing, over, tell }: Advance): Promise<boolean> => {
    const { part, name } = one;
    const { bucketMs } = part.definition;
    const end = Math.floor(one.completeTo / bucketMs) * bucketMs;
    const from = part.judgedTo() || (await beginOf(name, instant));
    if (from === undefined || from >= end) return true;
    const to = Math.min(end, from + Math.max(bucketMs, Math.floor(one.chunkMs / bucketMs) * bucketMs));
    const buckets = await read(one, from, to, instant);
    one.chunkMs = nextChunk(
      one.chunkMs,
      to - from,
      [...buckets.values()].reduce((sum, { numerator }) => sum + numerator.length, 0),
    );
    const rows: object[] = [];
    for (let time = from; time < to; time += bucketMs) {
      const bucket = buckets.get(time);
      if (!bucket) continue;
      tickOf(one, bucket);
      late.judged(name, time, bucket.weight);
      const again = one.againAt > 0 && part.judgedTo() >= one.againAt;
      if (again) one.againAt = 0;
      if (!again && part.judgedTo() <= Math.max(one.toldTo, instant - toldMs)) continue;
      for (const said of await voice.judge(part, firing(), instant, over?.() ?? [])) tell({ ...said, instant: instant + turn++ });
      if (writes) {
        pin(one);
        for (const row of scoreRows(tenant, part, one.pinned, instant)) rows.push(row);
      }
    }
    if (rows.length > 0) await pages.add('scores', rows);
    if (to > one.toldTo && to > instant - toldMs && writes) await markTold(one, to, instant);
    part.skipTo(to);
    return to >= end;
  };

  const markTold = async (one: Held, to: number, instant: number): Promise<void> => {
    one.toldTo = to;
    const row = { tenant, leg: 'weir', node: 'series', source: one.key, complete_to: writeInstant(to), updated_at: writeInstant(instant) };
    await pages.add('watermarks', [row]);
  };

  const keepOne = async (one: Held, instant: number): Promise<void> => {
    const to = one.part.judgedTo();
    if (!writes || to <= one.keptTo) return;
    await keepPart(store, tenant, one.name, one.part, instant);
    await writeSeries(one, instant);
    one.keptTo = to;
  };

  /** How each series stands, for those who look. */
  const writeSeries = async (one: Held, instant: number): Promise<void> => {
    const to = one.part.judgedTo();
    one.writtenTo = to;
    one.writtenAt = instant;
    for (let at = 0; at < one.part.state.nodes.size; at += rowsAtOnce) {
      await pages.add('series', seriesRows(tenant, one.part, instant, at, at + rowsAtOnce));
    }
  };

  /**
   * Late data: the part goes back to before it and learns again. On the way it says nothing, so that nothing opens twice; back where it was,
   * it says how things stand now.
   */
  const goBack = async (one: Held, to: number, instant: number): Promise<void> => {
    const was = one.part.judgedTo();
    const beginning = await keptPart(store, tenant, one.name, to);
    one.part = createPart(one.name.definition, one.name.fixed, beginning);
    one.keptTo = one.part.judgedTo();
    one.backTo = undefined;
    one.backAt = instant;
    one.backMs = 0;
    if (one.toldTo > 0) {
      one.toldTo = Math.max(one.toldTo, was);
      one.againAt = was;
    }
    if (one.keptTo === 0) begins = new Map();
    log.info({ part: one.key, late: writeInstant(to), from: writeInstant(one.keptTo) }, 'late data: series learned and judged again');
  };

  /** Notes which parts have to go back. */
  const lookForLate = async (instant: number): Promise<void> => {
    for (const [fixed, from] of await late.look([...held.values()], instant)) {
      for (const one of held.values()) {
        if (one.name.fixed === fixed && one.part.judgedTo() > from) one.backTo = Math.min(one.backTo ?? from, from);
      }
    }
  };

  /** One part as far as its data goes, or the time. */
  const bringForward = async (name: PartName, of: Advance, stopAt: number): Promise<boolean> => {
    const one = held.get(partKey(name)) ?? (await open(name, of.instant + dayMs));
    one.completeTo = of.complete.get(name.fixed) ?? 0;
    // Going back costs at most a twentieth of the time.
    if (one.backTo !== undefined && of.instant - one.backAt >= 20 * one.backMs) await goBack(one, one.backTo, of.instant);
    for (;;) {
      const begun = performance.now();
      const done = await stretch(one, of);
      if (one.againAt > 0 || !done) one.backMs += performance.now() - begun;
      if (one.part.judgedTo() - one.keptTo >= keepEveryMs && (done || one.part.judgedTo() - one.keptTo >= keepLearningMs))
        await keepOne(one, of.instant);
      const fresh = writes && one.part.state.nodes.size <= freshSeries;
      if (done && fresh && one.part.judgedTo() > one.writtenTo && of.instant - one.writtenAt >= writeEveryMs)
        await writeSeries(one, of.instant);
      if (done || performance.now() >= stopAt) return done;
    }
  };

  return {
    async advance(of) {
      turn = 0;
      const stopAt = performance.now() + of.budgetMs;
      const names = namesOf(of.complete).filter((name) => owns(partKey(name)));
      for (const key of held.keys()) if (!owns(key)) held.delete(key);
      if (writes) await lookForLate(of.instant);
      const failed = new Map<string, string>();
      let done = true;
      // Those that have waited longest come first, so that a long one holds up nobody for good.
      const judgedTo = (name: PartName): number => held.get(partKey(name))?.part.judgedTo() ?? 0;
      for (const name of names.sort((a, b) => judgedTo(a) - judgedTo(b))) {
        try {
          if (!(await bringForward(name, of, stopAt))) done = false;
        } catch (error) {
          failed.set(name.definition.identity, error instanceof Error ? error.message : String(error));
        }
        if (performance.now() >= stopAt) {
          done = false;
          break;
        }
      }
      await pages.flush();
      return { done, failed };
    },
    parts: () =>
      [...held.values()].map((one) => ({
        key: one.key,
        detector: one.name.definition.identity,
        part: one.part,
        behindMs: Math.max(0, one.completeTo - one.part.judgedTo()),
      })),
    async keep(instant) {
      for (const one of held.values()) await keepOne(one, instant);
      await pages.flush();
    },
  };
}
