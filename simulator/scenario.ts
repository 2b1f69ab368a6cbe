/** A planted leak, fault or innocent look-alike: what it does to the operator, and the truth about it. */
import type { UsageEvent } from './event.ts';
import type { Draft, UsageFeed } from './feed.ts';
import type { SimulatedFile } from './file.ts';
import type { Fate, Stage } from './stages.ts';
import type { TableRow } from './tables.ts';
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
  /** Events of one hour beyond those that the world makes, whatever their order. */
  readonly extra?: (hourStart: number, world: World) => readonly UsageEvent[];
  /** Another event in place of one that takes place: another plan, another price. Every leg sees the same. */
  readonly alter?: (event: UsageEvent, world: World) => UsageEvent;
  /** What becomes of an event at a stage behind the switch; asked by every leg behind it, so it answers by the event alone. Undefined = handed on. */
  readonly stage?: (event: UsageEvent, stage: Stage) => Fate | undefined;
  /** Told of each event that this scenario took away at a stage, when the stage came to it. */
  readonly staged?: (event: UsageEvent, stage: Stage, fate: Fate) => void;
  /** Feeds whose records `record` may change. Default: all. */
  readonly feeds?: readonly string[];
  /** Changes the record that one leg is about to write. */
  readonly record?: (draft: Draft, feed: UsageFeed, world: World) => void;
  /** Changes the rows that a table feed is about to write: takes away, adds or alters. @param from, to what they are about, ms, half-open. */
  readonly rows?: (rows: readonly TableRow[], feed: string, from: number, to: number) => readonly TableRow[];
  /** What a feed does with the window it would close now: `write` it, `delay` it into a later file, `lose` it without using up a number. */
  readonly closing?: (feed: string, from: number, to: number) => 'write' | 'delay' | 'lose';
  /** Told of each file that `closing` lost. */
  readonly lost?: (file: SimulatedFile) => void;
  /** Replaces a finished file: none = it never arrives, two = it arrives again. */
  readonly file?: (file: SimulatedFile) => readonly SimulatedFile[];
  /** Changes a reading of a device; undefined = it is not taken. */
  readonly reading?: (reading: Reading, world: World) => Reading | undefined;
  /** Readings in [from, to) beyond those that devices take by themselves: alarms. */
  readonly readings?: (from: number, to: number, world: World) => readonly Reading[];
}

/** How a leak comes: at once and whole, growing from nothing, by fits, or as a single blow. */
export type Onset = 'step' | 'drift' | 'intermittent' | 'once';

/** What the pattern explainer should say of a leak, in its own words: see `detectors/explain/patterns.ts`. */
export interface TrueCause {
  readonly pattern: 'where' | 'start_offset' | 'rounding' | 'ratio' | 'difference';
  /** ms of B behind A for an offset; the increment in seconds for a rounding; B / A for a ratio; 0 for a place. */
  readonly value: number;
  /** Where it lies: node, plan, prefix, zone, route; empty = everywhere. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What was planted, counted while it was done. */
export interface Truth {
  /** Type of the leak, fault or look-alike. */
  readonly scenario: string;
  /** leak: money goes; fault: service or data goes; innocent: nothing may be said. */
  readonly nature: 'leak' | 'fault' | 'innocent';
  /** Control or detector that has to find it; empty for an innocent one. */
  readonly control: string;
  /** Others that see the same leak with the same right. */
  readonly also: readonly string[];
  /** Labels as findings word them: source, leg, node, service, zone, plan, partner, tariff, system, stage, agent, … */
  readonly scope: Readonly<Record<string, string>>;
  /** Event time, ms, half-open. */
  readonly from: number;
  readonly to: number;
  readonly onset: Onset;
  /** Planned share of the daily revenue of the cell that `scope` names; 0 = not planned by share. */
  readonly share: number;
  /** Records taken away, added or spoilt, over all legs. */
  readonly records: number;
  /** Micro-units of retail value of those records, or of what was charged too little or too much. */
  readonly money: number;
  readonly class: 'leakage' | 'over_charge' | 'risk';
  readonly currency: string;
  readonly cause?: TrueCause;
  /** Customers of a fault of service: behind what failed, or whose use failed. */
  readonly customers?: number;
  /** First instant at which anything was affected, ms. */
  readonly firstAt?: number;
  /** Of a fault that grows: from when it is large enough to matter, ms: a tenth of the calls fail, a decibel of light is lost. */
  readonly materialAt?: number;
  /** When what was held back comes, ms; absent = nothing is held back. */
  readonly comesAt?: number;
}

export interface Scenario {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly inject: Injection;
  /** What has been done so far. Complete once the generated time has passed `to`. */
  readonly truth: () => Truth;
}
