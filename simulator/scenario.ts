/** A planted leak, fault or innocent look-alike: what it does to the operator, and the truth about it. */
import type { UsageEvent } from './event.ts';
import type { Draft, UsageFeed } from './feed.ts';
import type { SimulatedFile } from './file.ts';
import type { Reading } from './telemetry.ts';
import type { World } from './world.ts';

/**
 * Where a scenario takes hold, from the world to the wire. All hooks are optional and act by event time and by the lots of the events, never by
 * chance of their own, so the same world gives the same injection.
 */
export interface Injection {
  /** How often the event takes place: 1 as it is, 0 not at all, 2 one more like it a little later. Every leg sees the same. */
  readonly traffic?: (event: UsageEvent, world: World) => number;
  /** Told of each event that `traffic` changed, once the event's start has passed; each exactly once over runs that meet. */
  readonly changed?: (event: UsageEvent, times: number) => void;
  /** Changes the record that one leg is about to write. */
  readonly record?: (draft: Draft, feed: UsageFeed, world: World) => void;
  /** What a feed does with the window it would close now: `write` it, `delay` it into a later file, `lose` it without using up a number. */
  readonly closing?: (feed: string, from: number, to: number) => 'write' | 'delay' | 'lose';
  /** Told of each file that `closing` lost. */
  readonly lost?: (file: SimulatedFile) => void;
  /** Replaces a finished file: none = it never arrives, two = it arrives again. */
  readonly file?: (file: SimulatedFile) => readonly SimulatedFile[];
  /** Changes a reading of a device; undefined = it is not taken. */
  readonly reading?: (reading: Reading, world: World) => Reading | undefined;
}

/** What was planted, counted while it was done. */
export interface Truth {
  readonly scenario: string;
  /** leak: money goes; fault: service or data goes; innocent: nothing may be said. */
  readonly nature: 'leak' | 'fault' | 'innocent';
  /** Control or detector that has to find it; empty for an innocent one. */
  readonly control: string;
  readonly scope: Readonly<Record<string, string>>;
  /** Event time, ms, half-open. */
  readonly from: number;
  readonly to: number;
  /** Records taken away, added or spoilt, over all legs. */
  readonly records: number;
  /** Micro-units of retail value of those records. */
  readonly money: number;
  readonly currency: string;
}

export interface Scenario {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly inject: Injection;
  /** What has been done so far. Complete once the generated time has passed `to`. */
  readonly truth: () => Truth;
}
