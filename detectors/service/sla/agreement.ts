/** A service level agreement with a partner, as its file states it. Data. */
import type { Comparison } from '../slo/objective.ts';

/** Who pays when it is missed: the carrier owes us, or we owe the partner. */
export type SlaDirection = 'they-owe-us' | 'we-owe-them';

export type ExclusionKind = 'maintenance' | 'force-majeure' | 'customer-caused';

/** A stretch that does not count. */
export interface Exclusion {
  readonly kind: ExclusionKind;
  /** ms since 1970 UTC, half-open. */
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  /** Who agreed that it does not count. */
  readonly approver: string;
  /** Targets that it is about; empty = all. */
  readonly targets: readonly string[];
}

/** A credit: beyond the figure (below it for gte and gt, above it for lte and lt) so many percent of the monthly charge. Decimal strings. */
export interface CreditBand {
  readonly beyond: string;
  readonly percent: string;
}

interface Target {
  readonly name: string;
  readonly op: Comparison;
  /** Decimal string: percent of ratios and shares, else the unit of the KPI, or hours. */
  readonly target: string;
  /** The mildest first. */
  readonly credits: readonly CreditBand[];
}

interface KpiTarget extends Target {
  readonly kpi: string;
  readonly where: Readonly<Record<string, string>>;
  readonly sliceMs: number;
  readonly ratio: boolean;
}

/**
 * `average`: the KPI over the month. `slices`: percent of slices that meet `limit`. `percentile`: a percentile of the slices. `repair`: percent of incidents
 * that were solved within `hours`.
 */
export type SlaTarget =
  | (KpiTarget & { readonly measure: 'average' })
  | (KpiTarget & { readonly measure: 'slices'; readonly limitOp: Comparison; readonly limit: string })
  | (KpiTarget & { readonly measure: 'percentile'; readonly percentile: number })
  | (Target & {
      readonly measure: 'repair';
      readonly hours: string;
      readonly clockStart: 'detected' | 'opened' | 'ticket';
      readonly mostSeverity: number;
    });

export interface Agreement {
  readonly identity: string;
  readonly title: string;
  readonly partner: string;
  readonly direction: SlaDirection;
  readonly service: string;
  readonly timeZone: string;
  readonly currency: string;
  /** Decimal string. */
  readonly monthlyCharge: string;
  /** Decimals of its amounts. */
  readonly decimals: number;
  /** ms since 1970 UTC. */
  readonly validFrom: number;
  readonly validTo: number;
  /** Most that is credited for a month, percent of the monthly charge; decimal string. */
  readonly capPercent: string;
  /** Credits of several targets: added up, or the highest one. */
  readonly combine: 'sum' | 'highest';
  /** Days after the end of the month within which credits must be claimed; 0 = no limit. */
  readonly claimDays: number;
  readonly targets: readonly SlaTarget[];
  readonly exclusions: readonly Exclusion[];
  /** Maintenance windows of Weir count as exclusions when they have these labels. */
  readonly maintenance:
    | {
        readonly match: Readonly<Record<string, string>>;
        /** They must have been entered so long before. */
        readonly noticeMs: number;
        /** So much of a month at most is excluded. */
        readonly mostMs: number;
      }
    | undefined;
  readonly place: string;
}
