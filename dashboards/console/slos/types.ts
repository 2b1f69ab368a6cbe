/** Service level objectives as the API tells of them. */

export interface Slo {
  readonly slo: string;
  readonly title: string;
  readonly service: string;
  readonly description: string;
  readonly method: string;
  readonly target: number;
  readonly state: string;
  readonly window: { readonly kind: string; readonly from: string | null; readonly to: string | null };
  readonly judged_to: string | null;
  readonly good: number;
  readonly total: number;
  readonly share: number | null;
  readonly allowed: number;
  /** 1 all of it, 0 none, below it overspent; null = no data. */
  readonly budget_left: number | null;
  readonly burn: Readonly<Record<string, number>>;
  readonly firing: readonly string[];
  readonly notes: readonly string[];
  readonly rules?: readonly { readonly name: string; readonly severity: string; readonly text: string }[];
}

export interface SloPoint {
  readonly at: string;
  readonly budget_left: number | null;
}

export interface SloDetail extends Slo {
  readonly history: readonly SloPoint[];
}
