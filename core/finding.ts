/** A finding: what one control or detector says about one scope and window. JSON in the API, in webhooks and in Kafka. */

/** Half-open window of event time, ms since 1970 UTC. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Open string: readers ignore what they do not know. */
export type FindingKind = 'revenue' | 'service' | 'data' | (string & {});

export interface FindingMoney {
  /** Decimal string in `currency`. */
  readonly amount: string;
  readonly currency: string;
  readonly class: 'leakage' | 'over_charge' | 'risk' | (string & {});
  /** How the amount was computed, for a person. */
  readonly method: string;
  /** Range where it is an estimate. */
  readonly low?: string;
  readonly high?: string;
  /** ISO 8601 date up to which it can be back-billed, or claimed. */
  readonly recoverable_until?: string;
  /** It follows from a contract, not from counting: any change of it is told. */
  readonly exact?: boolean;
}

export interface FindingCustomers {
  readonly count: number;
  readonly segments: Readonly<Record<string, number>>;
  /** Pseudonyms of those of segments that are to be named (`service.vipSegments`), at most a few. */
  readonly vips?: readonly string[];
}

export interface Explanation {
  readonly dimensions: Readonly<Record<string, string>>;
  /** Share of the effect that these values explain, 0 to 1. */
  readonly share: number;
  /** Share that remains. */
  readonly remaining: number;
}

export interface ChangeSuspect {
  readonly change_id: string;
  readonly summary: string;
  readonly event_time: string;
}

export interface Finding {
  /** Stable hash of detector, metric and scope, without time. */
  readonly finding_key: string;
  /** Identity of the control or detector: S01, usage_volume. */
  readonly detector: string;
  readonly title: string;
  readonly kind: FindingKind;
  readonly tenant: string;
  readonly metric: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly window: { readonly from: string; readonly to: string };
  readonly detected_at: string;
  readonly began_at: string;
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly unit: string;
  readonly direction: 'up' | 'down' | 'none';
  /** -log10 of a calibrated p. */
  readonly score: number;
  /** Relative effect: (observed - expected) / expected. */
  readonly effect: number;
  readonly money?: FindingMoney;
  readonly customers?: FindingCustomers;
  readonly explanation: readonly Explanation[];
  readonly change_suspects: readonly ChangeSuspect[];
  readonly evidence: { readonly sql: string; readonly sample_record_ids: readonly string[] };
  readonly data_quality: { readonly completeness: number; readonly lag_s: number };
  /** Who owns the control that says it; a new incident is assigned to that person. */
  readonly owner?: string;
  /** One or two sentences for a person: what, how much, since when, why. */
  readonly summary: string;
  readonly state: 'firing' | 'cleared' | (string & {});
}
