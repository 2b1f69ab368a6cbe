/** The two ways to get files out of a world: its past in one go, and the present as it passes. */

import type { SimulatedFile } from './file.ts';
import { day, hour, minute, second } from './instant.ts';
import { referenceFiles } from './reference.ts';
import { type Run, type RunOptions, startRun } from './run.ts';
import type { World } from './world.ts';

export interface HistoryOptions extends RunOptions {
  /** End of the history, ms. */
  readonly to: number;
  /** Length of a file, ms. Default: a day. One such interval of text is held in memory at a time. */
  readonly every?: number;
  /** The last part comes in shorter files, so that the newest incidents stand alone. Default: six hours by the hour. */
  readonly tail?: { readonly length: number; readonly every: number };
  /** Whether reference data comes first. Default: true. */
  readonly reference?: boolean;
}

export interface LiveOptions extends RunOptions {
  /** Event time of a file, ms. Default: ten seconds. */
  readonly step?: number;
  /** End, ms. Default: never. */
  readonly to?: number;
}

/** Reference rows hold from long before the first record. */
const before = 30 * day;

/**
 * Files of the past, day by day and at last hour by hour; every feed is closed at the end.
 * @example [...history(createWorld({ subscribers: 20 }), { from: 0, to: 86_400_000 })].some((file) => file.feed === 'msc-1') // true
 */
export function* history(world: World, options: HistoryOptions): Generator<SimulatedFile, Run, undefined> {
  const { from, to, every = day, tail = { length: 6 * hour, every: hour }, reference = true } = options;
  if (reference) yield* referenceFiles(world, from - before);
  const run = startRun(world, options);
  const edge = Math.max(from, to - tail.length);
  yield* run.until(edge, every);
  yield* run.until(to, tail.every, true);
  return run;
}

/**
 * Files of the present, without end. The caller decides how fast the event time of a file passes on the wall (see `eventTimeAt`): pull the next
 * file when its `modifiedAt` has come.
 * @example live(createWorld({ subscribers: 20 }), { from: Date.UTC(2026, 10, 20, 17), step: 60_000 }).next().done // false
 */
export function* live(world: World, options: LiveOptions): Generator<SimulatedFile, void, undefined> {
  const { step = 10 * second, to = Number.MAX_SAFE_INTEGER } = options;
  yield* startRun(world, options).until(to, step);
}

export interface Pace {
  /** Wall clock at the start of the live stream, ms. */
  readonly startedAt: number;
  /** Event time at that moment: the end of the history, ms. */
  readonly from: number;
  /** Seconds of event time that pass in a second until the present is caught up. */
  readonly speed: number;
}

/**
 * Event time at a moment of the wall clock: it runs `speed` times as fast until it has caught up with the wall, then along with it. So a small
 * operator streams densely at first, its rhythm is the one of its history, and no event lies in the future.
 * @example eventTimeAt({ startedAt: 7_200_000, from: 0, speed: 60 }, 7_260_000) // 3600000
 */
export function eventTimeAt({ startedAt, from, speed }: Pace, wall: number): number {
  return Math.min(wall, from + Math.max(0, wall - startedAt) * speed);
}

/** Where the demo's history ends and its live stream begins: six hours back at 60-fold speed (about 30 records a second), caught up after six minutes. */
export const demoLead = 6 * hour;
export const demoSpeed = 60;
export const demoStep = 5 * minute;
export const demoHistory = 35 * day;
