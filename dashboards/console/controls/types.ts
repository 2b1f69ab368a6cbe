/** Controls as the API tells of them. */

export interface LastResult {
  readonly cells: string;
  readonly violations: string;
  readonly leakage: string | null;
  readonly over_charge: string | null;
  readonly risk: string | null;
  readonly currency: string;
  readonly judged_at: string;
}

export interface Control {
  readonly identity: string;
  readonly title: string;
  readonly own: boolean;
  readonly trigger: string;
  readonly needs: string;
  readonly state: string;
  readonly note: string;
  readonly coverage: number | null;
  readonly last: LastResult | null;
}

export interface ControlPage {
  readonly identity: string;
  readonly title: string;
  readonly meaning: string;
  readonly formula: string;
  readonly money: string;
  readonly prove: readonly string[];
  readonly recover: readonly string[];
  readonly limits: readonly {
    readonly name: string;
    readonly default: number;
    readonly unit: string;
    readonly min: number;
    readonly max: number;
    readonly description?: string;
  }[];
}
