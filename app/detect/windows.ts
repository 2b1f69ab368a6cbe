/**
 * The windows that watermarks close, and those that late data opens again: what arrives for a window after it was judged makes it due
 * once more, until a day after its end.
 */
import type { Definition } from '../../core/definition.ts';
import type { Window } from '../../core/finding.ts';
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import { createCompleteness } from './completeness.ts';
import type { DetectionLog, DetectionStore } from './port.ts';
import { createWatermarks } from './watermarks.ts';

/** Most windows of a leg judged in one minute; of a longer backlog only the latest are judged. */
const mostWindows = 12;
const hourMs = 3_600_000;
/** What ended longer ago than this is history that is loaded: nobody can act on a drop of last week. */
const pastMs = 24 * hourMs;
/** The same for controls of one's own: what was lost a week ago may still be billed, and the other leg may come late. */
const ownPastMs = 8 * 24 * hourMs;
/** Late data is looked for this often: it trickles, and every record of it would judge a window again. */
const lateEveryMs = 10 * 60_000;
/** How much two looks for it overlap: longer than any insert takes to become visible. */
const overlapMs = 60_000;
/** A batch may become visible this long after it was built: what was built just before a judgement may have missed it. */
const visibleMs = 10_000;

export interface DueWindow {
  readonly leg: string;
  readonly window: Window;
  /** Judged before: records came since. */
  readonly again: boolean;
}

export interface Windows {
  /** Reads how far the sources are, and what came late, and stores what moved. */
  update(instant: number): Promise<void>;
  /** Event time up to which each leg is complete. */
  complete(): ReadonlyMap<string, number>;
  /** How much of the data of some labels had come for a window, 0 to 1: see `completeness.ts`. */
  completeness(labels: Readonly<Record<string, string>>, window: Window): number;
  /** Legs of a definition that nothing is known of. */
  lacking(definition: Definition): readonly string[];
  /**
   * Windows of a definition to be judged, oldest first of each leg: those that are complete and not yet judged, and those that late data
   * touched. The latest judged one always comes last, so that what holds now has the last word.
   */
  due(definition: Definition, instant: number): readonly DueWindow[];
  judged(definition: Definition, due: DueWindow, instant: number): void;
  /** Stores the marks of what was judged, all in one insert: when what was said of it is stored. */
  flush(): Promise<void>;
}

/**
 * Windows of a length that end at or before `completeTo` and begin at or after `mark`; without a mark the last few.
 * @example windowsDue(60, 130, 0) // [{ from: 0, to: 60 }, { from: 60, to: 120 }]
 */
export function windowsDue(lengthMs: number, completeTo: number, mark: number | undefined, most: number = mostWindows): readonly Window[] {
  const end = Math.floor(completeTo / lengthMs) * lengthMs;
  const start = Math.max(mark === undefined ? 0 : Math.ceil(mark / lengthMs) * lengthMs, end - most * lengthMs);
  return Array.from({ length: Math.max(0, (end - start) / lengthMs) }, (_, at) => ({
    from: start + at * lengthMs,
    to: start + (at + 1) * lengthMs,
  }));
}

/**
 * What a definition waits for, and up to where it is complete: each of its legs by itself; of a control of one's own all of them together.
 * @example legsOf({ needs: { legs: ['a', 'b'] }, own: {} }, new Map([['a', 5], ['b', 3]])) // [['a+b', 3]]
 */
export function legsOf(
  { needs, own }: { readonly needs: { readonly legs: readonly string[] }; readonly own?: object },
  complete: ReadonlyMap<string, number>,
): readonly (readonly [string, number])[] {
  if (!own) return [...complete].filter(([leg]) => needs.legs.length === 0 || needs.legs.includes(leg));
  const all = needs.legs.map((leg) => complete.get(leg));
  return all.includes(undefined) ? [] : [[needs.legs.join('+'), Math.min(...(all as number[]))]];
}

/** How long after its end a window of a definition is judged. */
const pastOf = ({ own }: Definition): number => (own ? ownPastMs : pastMs);

const lateColumns = { leg: 'text', hour: 'instant', at: 'instant' } as const;

/** Windows of a definition and leg that were judged, by their end: when. */
type Judged = Map<number, number>;

/**
 * @param marks end of the last judged window by `definition/leg`, before a restart
 * @param lateFrom what was stored after this instant may be late: the mark of the loop; 0 = nothing was judged before
 */
export function createWindows(
  store: DetectionStore,
  settings: Settings,
  log: DetectionLog,
  marks: ReadonlyMap<string, number>,
  lateFrom: number,
): Windows {
  const { tenant } = settings;
  const watermarks = createWatermarks(store, settings, log);
  const completeness = createCompleteness(store, settings, watermarks);
  const windowMarks = new Map(marks);
  const judgedAt = new Map<string, Judged>();
  /** Latest arrival by leg and hour of event time. */
  const touched = new Map<string, Map<number, number>>();
  /** Marks by definition and leg that are not stored yet: only the latest counts. */
  const unstored = new Map<string, { readonly node: string; readonly source: string; readonly complete_to: string }>();
  let lookedTo = lateFrom;
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function lookForLate(instant: number): Promise<void> {
    if (instant - lookedAt < lateEveryMs) return;
    const oldest = instant - ownPastMs;
    const params = {
      tenant,
      since: writeInstant(Math.max(0, lookedTo - overlapMs)),
      until: writeInstant(instant),
      oldest: writeInstant(Math.max(0, oldest)),
    };
    const read = readRows(lateColumns, lookedTo === 0 ? [] : await store.rows('detect-late', params, { timeoutMs: 30_000 }));
    if (!read.ok) throw new Error(`query detect-late: ${read.error}`);
    for (const { leg, hour, at } of read.rows) {
      const hours = touched.get(leg) ?? new Map<number, number>();
      hours.set(hour, Math.max(at, hours.get(hour) ?? 0));
      touched.set(leg, hours);
    }
    for (const hours of touched.values()) for (const hour of hours.keys()) if (hour < oldest - pastMs) hours.delete(hour);
    lookedTo = instant;
    lookedAt = instant;
  }

  /** Judged windows that records came for since, oldest first, the latest few; with the latest judged one at their end. */
  function again(definition: Definition, leg: string, instant: number): readonly Window[] {
    const { identity, windowMs, mostWindows: most = mostWindows, own, needs } = definition;
    const key = `${identity}/${leg}`;
    const mark = windowMarks.get(key);
    if (mark === undefined) return [];
    const known = judgedAt.get(key);
    const ends = new Set<number>();
    for (const each of own ? needs.legs : [leg]) {
      for (const [hour, at] of touched.get(each) ?? []) {
        for (let to = Math.floor(hour / windowMs) * windowMs + windowMs; to - windowMs < hour + hourMs; to += windowMs) {
          if (to <= mark && to > instant - pastOf(definition) && at > (known?.get(to) ?? lateFrom) - visibleMs) ends.add(to);
        }
      }
    }
    if (ends.size > 0) ends.add(mark);
    return [...ends]
      .sort((a, b) => a - b)
      .slice(-most)
      .map((to) => ({ from: to - windowMs, to }));
  }

  return {
    async update(instant) {
      await watermarks.update(instant);
      await completeness.refresh(instant);
      await lookForLate(instant);
    },
    complete: () => watermarks.complete(),
    completeness: completeness.of,
    lacking: ({ needs }) => {
      const known = watermarks.complete();
      return needs.legs.filter((leg) => !known.has(leg));
    },
    due(definition, instant) {
      return legsOf(definition, watermarks.complete()).flatMap(([leg, completeTo]) => [
        ...again(definition, leg, instant).map((window) => ({ leg, window, again: true })),
        ...windowsDue(definition.windowMs, completeTo, windowMarks.get(`${definition.identity}/${leg}`), definition.mostWindows)
          .filter((window) => window.to > instant - pastOf(definition))
          .map((window) => ({ leg, window, again: false })),
      ]);
    },
    judged({ identity, windowMs }, { leg, window, again: before }, instant) {
      const key = `${identity}/${leg}`;
      const known: Judged = judgedAt.get(key) ?? new Map();
      known.set(window.to, instant);
      for (const to of known.keys()) if (to < window.to - ownPastMs - 2 * windowMs) known.delete(to);
      judgedAt.set(key, known);
      if (before) return;
      const row = {
        tenant,
        leg: 'weir',
        node: identity,
        source: leg,
        complete_to: writeInstant(window.to),
        updated_at: writeInstant(instant),
      };
      unstored.set(key, row);
      windowMarks.set(key, window.to);
    },
    async flush() {
      if (unstored.size === 0) return;
      const rows = [...unstored.values()];
      await store.insert(
        'watermarks',
        rows,
        `windows/${tenant}/${JSON.stringify(rows.map(({ node, source, complete_to }) => [node, source, complete_to]))}`,
      );
      unstored.clear();
    },
  };
}
