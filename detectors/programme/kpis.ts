/**
 * KPIs of the revenue-assurance programme, after the control-efficiency metrics of TM Forum: revenue recovered, recoverable, days per
 * case; and coverage and precision. Pure.
 */

/** A revenue case; amounts in micro-units, instants in ms since 1970 UTC. */
export interface RevenueCase {
  readonly control: string;
  readonly state: string;
  readonly detectedAt: number;
  readonly money: number;
  readonly class: string;
  /** ISO date up to which it can be billed; empty = no limit. */
  readonly recoverableUntil: string;
  readonly verdict: 'confirmed' | 'false' | (string & {});
  readonly recovered: number;
  /** 0 = nothing was recovered. */
  readonly recoveredAt: number;
}

/** Amounts in micro-units. */
export interface ProgrammeKpis {
  readonly cases: number;
  /** Neither resolved nor closed. */
  readonly open: number;
  readonly confirmed: number;
  readonly refuted: number;
  /** What was found, false alarms left out, by class. */
  readonly leakage: number;
  readonly over_charge: number;
  readonly risk: number;
  readonly recovered: number;
  /** Leakage not recovered yet that may still be billed. */
  readonly recoverable: number;
  /** Leakage not recovered that may be billed no more. */
  readonly expired: number;
  /** From detection to the last recovery, mean of the cases of which anything was recovered. */
  readonly days_per_case: number | null;
  /** confirmed / (confirmed + refuted); null where nobody said anything. */
  readonly precision: number | null;
}

const dayMs = 86_400_000;
const sum = (cases: readonly RevenueCase[], of: (each: RevenueCase) => number): number =>
  cases.reduce((total, each) => total + of(each), 0);

/** Whether what is left of a case can still be billed on the day of an instant. */
export function isRecoverable({ recoverableUntil }: Pick<RevenueCase, 'recoverableUntil'>, instant: number): boolean {
  return recoverableUntil === '' || recoverableUntil >= new Date(instant).toISOString().slice(0, 10);
}

/**
 * KPIs of cases.
 * @param instant today, ms
 * @example kpisOf([], 0).precision // null
 */
export function kpisOf(cases: readonly RevenueCase[], instant: number): ProgrammeKpis {
  const right = cases.filter(({ verdict }) => verdict !== 'false');
  const confirmed = cases.filter(({ verdict }) => verdict === 'confirmed').length;
  const refuted = cases.length - right.length;
  const ofClass = (name: string) => right.filter((each) => each.class === name);
  const leaks = ofClass('leakage');
  const left = (each: RevenueCase) => Math.max(0, each.money - each.recovered);
  const done = cases.filter(({ recovered, recoveredAt }) => recovered > 0 && recoveredAt > 0);
  return {
    cases: cases.length,
    open: cases.filter(({ state }) => state !== 'resolved' && state !== 'closed').length,
    confirmed,
    refuted,
    leakage: sum(leaks, ({ money }) => money),
    over_charge: sum(ofClass('over_charge'), ({ money }) => money),
    risk: sum(ofClass('risk'), ({ money }) => money),
    recovered: sum(cases, ({ recovered }) => recovered),
    recoverable: sum(
      leaks.filter((each) => isRecoverable(each, instant)),
      left,
    ),
    expired: sum(
      leaks.filter((each) => !isRecoverable(each, instant)),
      left,
    ),
    days_per_case: done.length === 0 ? null : sum(done, (each) => (each.recoveredAt - each.detectedAt) / dayMs) / done.length,
    precision: confirmed + refuted === 0 ? null : confirmed / (confirmed + refuted),
  };
}
