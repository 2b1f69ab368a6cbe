/** A service level objective as Weir judges it: what the files say, resolved and checked. Data. */
import type { SloWindow } from './window.ts';

/** A rule that makes a finding: both windows must burn at the threshold. */
export interface BurnRule {
  /** As in the file, or made of the long window: `page-1h`. */
  readonly name: string;
  readonly severity: string;
  readonly threshold: number;
  /** More than the threshold, not just as much. */
  readonly strict: boolean;
  readonly longMs: number;
  readonly shortMs: number;
  /** For so long it must hold before it fires. */
  readonly afterMs: number;
  /** Fewest events (of Timeslices: 1 slice) in the long window. */
  readonly minimumEvents: number;
}

/** A SELECT that gives a row per slice: `at`, its beginning, and the column. */
export interface SqlMetric {
  readonly query: string;
  readonly column: string;
}

/** Where good and total of a slice come from. */
export type SloSource =
  | {
      readonly kind: 'sql';
      readonly good?: SqlMetric;
      readonly bad?: SqlMetric;
      readonly total?: SqlMetric;
      /** A value of the slice, compared with the objective's. */
      readonly value?: SqlMetric;
      /** A share of the slice, 0 to 1. */
      readonly ratio?: SqlMetric;
      readonly ratioOf?: 'success' | 'failure';
      /** Legs that must be complete; empty = the clock, less `lagMs`. */
      readonly legs: readonly string[];
      readonly lagMs: number;
    }
  | {
      readonly kind: 'kpi';
      readonly kpi: string;
      readonly where: Readonly<Record<string, string>>;
      /** Ratio: its numerator is good (or, of failures, bad). Value: compared with the objective's. */
      readonly as: 'success' | 'failure' | 'value';
      readonly legs: readonly string[];
      readonly lagMs: number;
    };

export type Comparison = 'lte' | 'gte' | 'lt' | 'gt';

export interface Objective {
  /** Name of the SLO; of several objectives with the number behind it. */
  readonly identity: string;
  readonly title: string;
  readonly service: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who its incidents are assigned to; empty = nobody. */
  readonly owner: string;
  readonly method: 'Occurrences' | 'Timeslices';
  /** Share that must be good, 0 to 1, below 1. */
  readonly target: number;
  /** Timeslices: the share of good events from which a slice is good. */
  readonly sliceTarget: number;
  /** Events below which a slice says nothing. */
  readonly sliceMinimum: number;
  /** Threshold metrics: what is good. */
  readonly compare?: { readonly op: Comparison; readonly value: number };
  readonly window: SloWindow;
  readonly sliceMs: number;
  readonly source: SloSource;
  readonly rules: readonly BurnRule[];
  /** Whether missing data makes a finding. */
  readonly alertNoData: boolean;
  /** Without data for so long there is no verdict. */
  readonly noDataAfterMs: number;
  /** What a person should know of it: rules that were left out. */
  readonly notes: readonly string[];
  /** File and line, for messages. */
  readonly place: string;
}

/**
 * Whether a value is good.
 * @example meets(2.9, { op: 'lte', value: 3 }) // true
 */
export function meets(value: number, { op, value: limit }: { readonly op: Comparison; readonly value: number }): boolean {
  if (op === 'lte') return value <= limit;
  if (op === 'gte') return value >= limit;
  return op === 'lt' ? value < limit : value > limit;
}
