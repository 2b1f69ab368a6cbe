/** What an operator may set about the steps between a finding and an incident. */

/** A finding must have fired in `n` of the last `of` windows that are as long as its own. */
export interface Debounce {
  readonly n: number;
  readonly of: number;
}

export interface PipelineSettings {
  /** Share of its data that a finding must rest on, 0 to 1; below it the data is the incident. */
  readonly minimumCompleteness: number;
  /** By detector; `default` for the others. */
  readonly debounce: Readonly<Record<string, Debounce>>;
  /** How long a finding must have been cleared before its incident is resolved, ms. */
  readonly settleMs: number;
  readonly flapping: {
    /** Changes between firing and cleared within `withinMs` from which a finding flaps. */
    readonly changes: number;
    /** Changes within `withinMs` from which down it does no longer. */
    readonly release: number;
    readonly withinMs: number;
  };
  /** How long a finding of an element with elements above it waits for what is wrong above, ms. */
  readonly holdMs: number;
  /** Findings belong to one cause when they began within so much time of each other, ms. */
  readonly nearMs: number;
  /** Least overlap of what explains two findings, 0 to 1, for one incident. */
  readonly overlap: number;
  /** Least share of what is wrong with an element that an incident above it has to cover, 0 to 1, where the two can be compared. */
  readonly minimumCover: number;
  /** Elements behind one element that make it the cause. */
  readonly minimumChildren: number;
  /** Least share of the elements behind it, 0 to 1. */
  readonly minimumShare: number;
  /** Findings that are held with their words in memory; the rest waits in the table. */
  readonly mostHeld: number;
  /** What one affected customer counts in the rank of incidents, in whole units of the currency of the tenant. */
  readonly customerWorth: number;
  /** By segment, times `customerWorth`; 1 for a segment that is not named. */
  readonly segmentWeights: Readonly<Record<string, number>>;
}

/** Defaults: a control that speaks is heard at once, nothing but what stands behind one element waits. */
export const defaultPipelineSettings: PipelineSettings = {
  minimumCompleteness: 0.9,
  debounce: { default: { n: 1, of: 1 } },
  settleMs: 0,
  flapping: { changes: 6, release: 2, withinMs: 3_600_000 },
  holdMs: 30_000,
  nearMs: 900_000,
  overlap: 0.5,
  minimumCover: 0.6,
  minimumChildren: 5,
  minimumShare: 0.005,
  mostHeld: 20_000,
  customerWorth: 1,
  segmentWeights: {},
};
