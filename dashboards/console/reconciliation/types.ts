/** Reconciliation as the API tells of it. */

export interface Reconciled {
  readonly control: string;
  readonly comparison: string;
  readonly run: string;
  readonly window_from: string;
  readonly window_to: string;
  readonly leg_a: string;
  readonly leg_b: string;
  readonly partner: string;
  readonly state: string;
  readonly note: string;
  readonly records_a: number;
  readonly records_b: number;
  readonly exact: number;
  readonly within_tolerance: number;
  readonly settled: number;
  readonly mismatch: number;
  readonly a_only: number;
  readonly b_only: number;
  readonly currency: string;
  readonly a_states_more: string;
  readonly b_states_more: string;
  readonly finished_at: string;
}

export interface Cause {
  readonly cause: string;
  readonly class: string;
  readonly text: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly records: number;
  readonly share: number;
  readonly customers: number;
  readonly a_states_more: string;
  readonly b_states_more: string;
}

export interface Break {
  readonly class: string;
  readonly how: string;
  readonly service: string;
  readonly record_a: string;
  readonly record_b: string;
  readonly start_a: string | null;
  readonly start_b: string | null;
  readonly ms_a: number;
  readonly ms_b: number;
  readonly octets_a: number;
  readonly octets_b: number;
  readonly events_a: number;
  readonly events_b: number;
  readonly charge_a: string;
  readonly charge_b: string;
  readonly difference: string;
  readonly node: string;
  readonly route: string;
}

export const classWords: Readonly<Record<string, string>> = { mismatch: 'Differs', a_only: 'A only', b_only: 'B only' };

/** A run is known by these. */
export const keyOfRun = ({ control, comparison, run }: Pick<Reconciled, 'control' | 'comparison' | 'run'>): string =>
  `${control}|${comparison}|${run}`;
