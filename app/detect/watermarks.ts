/**
 * Watermarks: the event time up to which a source, and so its leg, is complete. It is the newest event that a source brought, less how
 * far its records lie behind; a file that is missing in the sequence holds it back for a while, a file without events moves it on, and
 * it never goes back. A leg is complete as far as its slowest source, without those that are silent for longer than their rhythm explains.
 */
import type { SequenceRule } from '../../core/definition.ts';
import { type RowOf, readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { quantileOf } from '../../detectors/controls/amount.ts';
import { sequenceReport } from '../../detectors/controls/sequence.ts';
import type { DetectionLog, DetectionStore } from './port.ts';
import { sourceFacts } from './run.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Batches that tell how late a source is: those of this long. */
const recentMs = 30 * minuteMs;
/** Receipts among which a missing number is looked for: those of this long. */
const receiptsMs = 2 * dayMs;
/** The rhythm of a source is learned over a week and a day, and read anew after ten minutes. */
const rhythmMs = 8 * dayMs;
const rhythmHoldsMs = 10 * minuteMs;
/** How far its records lie behind changes slowly: it is learned anew after five minutes. How far a source has come is asked with every look. */
const latenessHoldsMs = 5 * minuteMs;
/** Such looks overlap, because a row may become visible a little after the instant that it carries. */
const overlapMs = minuteMs;
/** Watermarks of nodes are read every five minutes: they are for people. */
const nodesEveryMs = 5 * minuteMs;
/** Shortest and longest wait for a missing file, as in S01. */
const graceMs = { least: 2_000, most: 2 * hourMs };
/** What stands for the leg of device readings, which have none. */
const readingsLeg = 'measurement';
/** How long a silent source holds its leg: unknown rhythm, at least, at most. */
const patienceMs = { unknown: dayMs, least: hourMs, most: 3 * dayMs };
/** Usual times between two arrivals that a silence may last: as long as S02 needs to be sure of one (exp(-9.2) = 1e-4), and a few more. */
const patienceArrivals = 12;
/** Arrivals below which a source has no rhythm. */
const rhythmArrivals = 4;

export interface Watermarks {
  /** Reads how far the sources are and stores what moved. */
  update(instant: number): Promise<void>;
  /** Event time up to which each leg of usage is complete. */
  complete(): ReadonlyMap<string, number>;
  /** Event time up to which each source is complete, by `leg/source`; sources of device readings by `measurement/source`. */
  reach(): ReadonlyMap<string, number>;
  /** Receipts of each source of the last two days, as far as they are looked at. */
  receipts(): ReadonlyMap<string, readonly Receipt[]>;
}

/**
 * How long a source may bring nothing before it no longer holds up its leg, ms: twelve times the 95th percentile between its arrivals (a
 * day at most), or twice the longest silence seen, three days at most. A source of which nothing is known has a day.
 * @example patienceOf({ arrivals: 100, usual_seconds: 900, longest_seconds: 3600 }) // 10800000
 */
export function patienceOf(rhythm: Rhythm | undefined): number {
  if (!rhythm || rhythm.arrivals < rhythmArrivals) return patienceMs.unknown;
  const usual = Math.min(dayMs, patienceArrivals * rhythm.usual_seconds * 1000);
  return Math.min(patienceMs.most, Math.max(patienceMs.least, usual, 2 * rhythm.longest_seconds * 1000));
}

export interface Rhythm {
  readonly arrivals: number;
  /** 95th percentile between two arrivals. */
  readonly usual_seconds: number;
  readonly longest_seconds: number;
}

/**
 * Event time up to which each leg is complete: that of its slowest source, without those that lie behind the first by more than they may.
 * @param watermarks by `leg/source`
 * @param patience ms that a source may lie behind, default a day
 * @example legsComplete(new Map([['switch/a', 100], ['switch/b', 90]])).get('switch') // 90
 */
export function legsComplete(
  watermarks: ReadonlyMap<string, number>,
  patience: (source: string) => number = () => patienceMs.unknown,
): ReadonlyMap<string, number> {
  const legs = new Map<string, (readonly [source: string, completeTo: number])[]>();
  for (const [key, completeTo] of watermarks) {
    const at = key.indexOf('/');
    const leg = key.slice(0, at);
    legs.set(leg, [...(legs.get(leg) ?? []), [key.slice(at + 1), completeTo]]);
  }
  return new Map(
    [...legs].map(([leg, all]) => {
      const first = Math.max(...all.map(([, completeTo]) => completeTo));
      return [leg, Math.min(...all.flatMap(([source, completeTo]) => (completeTo >= first - patience(source) ? [completeTo] : [])))];
    }),
  );
}

/** A receipt of a file; `sequence` counts where `numbered`. */
export interface Receipt {
  readonly sequence: number;
  readonly numbered: boolean;
  readonly sha256: string;
  /** Read to its end, and no record in it. */
  readonly eventless: boolean;
  readonly received_at: number;
  readonly handed_at: number;
  /** 0: no event is known. */
  readonly event_from: number;
  readonly event_to: number;
}

/** What the receipts of a source say about its watermark, ms of event time. */
export interface Bounds {
  /** Not beyond it, because a file that is waited for lies there. */
  readonly most: number;
  /** At least as far, because files without events came since. */
  readonly least: number;
}

/**
 * Bounds of a source by its receipts in order of arrival. A number that is missing is waited for, from when it was noticed, twice the 95th
 * percentile of the time between two files, at least two seconds and at most two hours: until then nothing after the file before it is complete.
 * @example bounds([], undefined, 0) // { most: Infinity, least: -Infinity }
 */
export function bounds(receipts: readonly Receipt[], rule: SequenceRule | undefined, instant: number): Bounds {
  const most = heldAt(receipts, rule, instant);
  const filled = receipts.filter(({ event_to }) => event_to > 0);
  const latest = receipts.findLast(({ eventless }) => eventless);
  if (!latest || filled.length === 0) return { most, least: Number.NEGATIVE_INFINITY };
  // A file without events says that nothing happened up to as long before it was handed over as the others lie behind their events.
  const lag = Math.max(...filled.map(({ handed_at, event_to }) => handed_at - event_to));
  return { most, least: latest.handed_at - Math.max(0, lag) };
}

function heldAt(receipts: readonly Receipt[], rule: SequenceRule | undefined, instant: number): number {
  const numbered = receipts.filter((each) => each.numbered);
  const between = numbered.slice(1).map((each, at) => each.received_at - numbered[at]!.received_at);
  const grace = Math.min(graceMs.most, Math.max(graceMs.least, between.length === 0 ? 0 : 2 * quantileOf(between, 0.95)));
  const report = sequenceReport(
    numbered.map(({ sequence, sha256, received_at }) => ({ sequence, content: sha256, at: received_at })),
    rule,
    10_000,
  );
  const open = report.gaps.filter(({ noticedAt }) => noticedAt > instant - grace);
  return open.reduce((least, { from, to }) => {
    const before = numbered.findLast(({ sequence, event_to }) => sequence === from - 1 && event_to > 0);
    const after = numbered.find(({ sequence, event_from }) => sequence === to + 1 && event_from > 0);
    return Math.min(least, before?.event_to ?? after?.event_from ?? least);
  }, Number.POSITIVE_INFINITY);
}

const lateColumns = { leg: 'text', source: 'text', newest: 'instant', late_ms: 'number' } as const;
const frontColumns = { leg: 'text', source: 'text', newest: 'instant', middle: 'instant' } as const;
const rhythmColumns = { source: 'text', arrivals: 'number', usual_seconds: 'number', longest_seconds: 'number' } as const;
const receiptColumns = {
  source: 'text',
  sequence: 'number',
  numbered: 'number',
  sha256: 'text',
  eventless: 'number',
  received_at: 'instant',
  handed_at: 'instant',
  event_from: 'instant',
  event_to: 'instant',
} as const;
const knownColumns = { leg: 'text', source: 'text', upto: 'instant' } as const;
const nodeColumns = { leg: 'text', source: 'text', node: 'text', newest: 'instant' } as const;

/** Whether a source is new, or brought mostly what lies further behind than it is known for. */
function isStrange(
  { leg, source, middle }: RowOf<typeof frontColumns>,
  newest: ReadonlyMap<string, number>,
  lateness: ReadonlyMap<string, number>,
): boolean {
  const key = `${leg}/${source}`;
  const [front, late] = [newest.get(key), lateness.get(key)];
  return front === undefined || late === undefined || front - middle > late + minuteMs;
}

export function createWatermarks(store: DetectionStore, settings: Settings, log: DetectionLog): Watermarks {
  const { tenant } = settings;
  const watermarks = new Map<string, number>();
  const lateness = new Map<string, number>();
  const newest = new Map<string, number>();
  const nodes = new Map<string, number>();
  let rhythms = new Map<string, Rhythm>();
  let rhythmsAt = Number.NEGATIVE_INFINITY;
  let nodesAt = Number.NEGATIVE_INFINITY;
  let latenessAt = Number.NEGATIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let restored = false;

  let received: ReadonlyMap<string, readonly Receipt[]> = new Map();

  async function read<C extends Parameters<typeof readRows>[0]>(query: string, columns: C, params: Record<string, unknown>) {
    const found = readRows(columns, await store.rows(query, { tenant, ...params }, { timeoutMs: 30_000 }));
    if (!found.ok) throw new Error(`query ${query}: ${found.error}`);
    return found.rows;
  }

  const since = (instant: number, ms: number) => ({ since: writeInstant(Math.max(0, instant - ms)), until: writeInstant(instant) });

  /** What was said before a restart still holds: a source that is silent since then is waited for as if it had gone on. */
  async function restore(instant: number): Promise<void> {
    if (restored) return;
    for (const { leg, source, upto } of await read('detect-watermarks', knownColumns, {
      since: writeInstant(Math.max(0, instant - patienceMs.most)),
    }))
      watermarks.set(`${leg}/${source}`, upto);
    restored = true;
  }

  async function learn(instant: number): Promise<void> {
    if (instant - rhythmsAt < rhythmHoldsMs) return;
    const rows = await read('detect-feeds', rhythmColumns, since(instant, rhythmMs));
    rhythms = new Map(rows.map((row) => [row.source, row]));
    rhythmsAt = instant;
  }

  async function boundsOf(instant: number): Promise<ReadonlyMap<string, Bounds>> {
    const receipts = new Map<string, Receipt[]>();
    received = receipts;
    for (const row of await read('detect-receipts', receiptColumns, since(instant, receiptsMs))) {
      const own = receipts.get(row.source) ?? [];
      own.push({ ...row, numbered: row.numbered === 1, eventless: row.eventless === 1 });
      receipts.set(row.source, own);
    }
    return new Map([...receipts].map(([source, own]) => [source, bounds(own, sourceFacts(settings, source).sequence, instant)]));
  }

  async function moveNodes(instant: number): Promise<readonly object[]> {
    if (instant - nodesAt < nodesEveryMs) return [];
    const legs = [...new Set([...lateness.keys()].map((key) => key.slice(0, key.indexOf('/'))))].filter((leg) => leg !== readingsLeg);
    if (legs.length === 0) return [];
    const oldest = Math.max(0, Math.min(...[...lateness.keys()].map((key) => watermarks.get(key) ?? instant)) - 12 * hourMs);
    const rows = await read('detect-nodes', nodeColumns, { ...since(instant, recentMs), legs, oldest: writeInstant(oldest) });
    nodesAt = instant;
    return rows.flatMap(({ leg, source, node, newest }) => {
      const key = `${leg}/${source}`;
      const completeTo = Math.min(newest - (lateness.get(key) ?? 0), watermarks.get(key) ?? newest);
      const own = `${key}/${node}`;
      if (completeTo <= (nodes.get(own) ?? Number.NEGATIVE_INFINITY)) return [];
      nodes.set(own, completeTo);
      return [{ tenant, leg, node, source, complete_to: writeInstant(completeTo), updated_at: writeInstant(instant) }];
    });
  }

  return {
    async update(instant) {
      await restore(instant);
      await learn(instant);
      const limits = await boundsOf(instant);
      const come = (leg: string, source: string, at: number): void =>
        void newest.set(`${leg}/${source}`, Math.max(at, newest.get(`${leg}/${source}`) ?? 0));
      const fronts = await read('detect-fronts', frontColumns, since(instant, Math.min(recentMs, instant - lookedAt + overlapMs)));
      const strange = fronts.some((row) => isStrange(row, newest, lateness));
      for (const row of fronts) come(row.leg, row.source, row.newest);
      const usage =
        strange || Math.abs(instant - latenessAt) >= latenessHoldsMs
          ? await read('detect-lateness', lateColumns, since(instant, recentMs))
          : undefined;
      for (const row of [...(usage ?? []), ...(await read('detect-reach', lateColumns, since(instant, recentMs)))]) {
        lateness.set(`${row.leg}/${row.source}`, row.late_ms);
        come(row.leg, row.source, row.newest);
      }
      if (usage) latenessAt = instant;
      lookedAt = instant;
      const moved: object[] = [];
      for (const [key, front] of newest) {
        const at = key.indexOf('/');
        const [leg, source] = [key.slice(0, at), key.slice(at + 1)];
        const { most, least } = limits.get(source) ?? { most: Number.POSITIVE_INFINITY, least: Number.NEGATIVE_INFINITY };
        const completeTo = Math.min(most, Math.max(least, front)) - (lateness.get(key) ?? 0);
        if (completeTo <= (watermarks.get(key) ?? Number.NEGATIVE_INFINITY)) continue;
        watermarks.set(key, completeTo);
        moved.push({ tenant, leg, node: '', source, complete_to: writeInstant(completeTo), updated_at: writeInstant(instant) });
      }
      const all = [...moved, ...(await moveNodes(instant))];
      if (all.length === 0) return;
      await store.insert('watermarks', all, `watermarks/${tenant}/${instant}`);
      log.info({ sources: moved.length }, 'watermarks moved');
    },
    complete: () =>
      legsComplete(new Map([...watermarks].filter(([key]) => !key.startsWith(`${readingsLeg}/`))), (source) =>
        patienceOf(rhythms.get(source)),
      ),
    reach: () => watermarks,
    receipts: () => received,
  };
}
