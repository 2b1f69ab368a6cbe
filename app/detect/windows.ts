/**
 * Watermarks, and the windows that they close. The watermark of a source is the newest event it brought, less how far its records
 * lie behind (see detect-lateness.sql); it never goes back. A leg is complete as far as the slowest source that still brings it.
 */
import type { Definition } from '../../core/definition.ts';
import type { Window } from '../../core/finding.ts';
import { readRows, writeInstant } from '../../core/row.ts';
import type { Settings } from '../../core/settings/index.ts';
import type { DetectionLog, DetectionStore } from './port.ts';

/** Batches that tell how late a source is: those of this long. */
const recentMs = 30 * 60_000;
/** A source this far behind the first of its leg has ended and holds nobody up; its silence is S02's. */
const abandonedMs = 24 * 3_600_000;
/** Most windows of a leg judged in one minute; of a longer backlog only the latest are judged. */
const mostWindows = 12;
/** What ended longer ago than this is history that is loaded: nobody can act on a drop of last week. */
const pastMs = 24 * 3_600_000;
/** The same for controls of one's own: what was lost a week ago may still be billed, and the other leg may come late. */
const ownPastMs = 8 * 24 * 3_600_000;

export interface DueWindow {
  readonly leg: string;
  readonly window: Window;
}

export interface Windows {
  /** Reads how late the sources are and stores what moved. */
  update(instant: number): Promise<void>;
  /** Event time up to which each leg is complete. */
  complete(): ReadonlyMap<string, number>;
  /** Legs of a definition that nothing is known of. */
  lacking(definition: Definition): readonly string[];
  /** Windows of a definition that are complete and not yet judged, oldest first. */
  due(definition: Definition, instant: number): readonly DueWindow[];
  judged(definition: Definition, leg: string, window: Window, instant: number): Promise<void>;
}

/**
 * Event time up to which each leg is complete.
 * @example legsComplete(new Map([['switch/a', 100], ['switch/b', 90]])).get('switch') // 90
 */
export function legsComplete(watermarks: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const legs = new Map<string, number[]>();
  for (const [key, completeTo] of watermarks) {
    const leg = key.slice(0, key.indexOf('/'));
    legs.set(leg, [...(legs.get(leg) ?? []), completeTo]);
  }
  return new Map(
    [...legs].map(([leg, all]) => {
      const first = Math.max(...all);
      return [leg, Math.min(...all.filter((each) => each >= first - abandonedMs))];
    }),
  );
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

const columns = { leg: 'text', source: 'text', newest: 'instant', late_ms: 'number' } as const;

export function createWindows(store: DetectionStore, settings: Settings, log: DetectionLog, marks: ReadonlyMap<string, number>): Windows {
  const { tenant } = settings;
  const watermarks = new Map<string, number>();
  const windowMarks = new Map(marks);
  return {
    async update(instant) {
      const since = writeInstant(instant - recentMs);
      const params = { tenant, since, until: writeInstant(instant) };
      const read = readRows(columns, await store.rows('detect-lateness', params, { timeoutMs: 30_000 }));
      if (!read.ok) throw new Error(`query detect-lateness: ${read.error}`);
      const moved: object[] = [];
      for (const { leg, source, newest, late_ms } of read.rows) {
        const key = `${leg}/${source}`;
        const completeTo = newest - late_ms;
        if (completeTo <= (watermarks.get(key) ?? Number.NEGATIVE_INFINITY)) continue;
        watermarks.set(key, completeTo);
        moved.push({ tenant, leg, node: '', source, complete_to: writeInstant(completeTo), updated_at: writeInstant(instant) });
      }
      if (moved.length === 0) return;
      await store.insert('watermarks', moved, `watermarks/${tenant}/${instant}`);
      log.info({ sources: moved.length }, 'watermarks moved');
    },
    complete: () => legsComplete(watermarks),
    lacking: ({ needs }) => {
      const known = legsComplete(watermarks);
      return needs.legs.filter((leg) => !known.has(leg));
    },
    due(definition, instant) {
      const legs = legsOf(definition, legsComplete(watermarks));
      return legs.flatMap(([leg, completeTo]) =>
        windowsDue(definition.windowMs, completeTo, windowMarks.get(`${definition.identity}/${leg}`), definition.mostWindows)
          .filter((window) => window.to > instant - (definition.own ? ownPastMs : pastMs))
          .map((window) => ({ leg, window })),
      );
    },
    async judged(definition, leg, window, instant) {
      const row = {
        tenant,
        leg: 'weir',
        node: definition.identity,
        source: leg,
        complete_to: writeInstant(window.to),
        updated_at: writeInstant(instant),
      };
      await store.insert('watermarks', [row], `window/${tenant}/${definition.identity}/${leg}/${window.to}`);
      windowMarks.set(`${definition.identity}/${leg}`, window.to);
    },
  };
}
