/** Slices of time that the pass by key takes one after another. Pure. */
import type { Window } from '../../core/finding.ts';

/** Half-open, ms since 1970. */
export type Slice = Window;

/** Records of both legs that a slice should hold: their groups then fit into a processor's cache. */
const recordsPerSlice = 1_000_000;
const hourMs = 3_600_000;

/**
 * Whole hours of a window, as many together as hold about a million records; the first begins and the last ends a margin outside, where a
 * partner of a record may lie.
 * @param records of both legs in the window
 * @example slicesOf({ from: 0, to: 7_200_000 }, 2_000_000, 60_000) // [{ from: -60000, to: 3600000 }, { from: 3600000, to: 7260000 }]
 */
export function slicesOf({ from, to }: Window, records: number, marginMs: number): readonly Slice[] {
  const hours = Math.max(1, Math.ceil((to - from) / hourMs));
  const count = Math.min(hours, Math.max(1, Math.ceil(records / recordsPerSlice)));
  const lengthMs = Math.ceil(hours / count) * hourMs;
  const starts = Array.from({ length: Math.ceil((to - from) / lengthMs) }, (_, at) => from + at * lengthMs);
  return starts.map((start, at) => ({
    from: at === 0 ? start - marginMs : start,
    to: at === starts.length - 1 ? to + marginMs : start + lengthMs,
  }));
}
