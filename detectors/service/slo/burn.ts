/**
 * Burn rate: how many times as fast as sustainable an error budget is spent. 1 spends exactly the budget within the window.
 *
 * burn = share of bad events / (1 - objective). A rule fires while the burn of a long and of a short window both reach its threshold: the
 * long one says that it matters, the short one that it still goes on. Threshold = share of the budget x window of the objective / long window.
 * The table is that of The Site Reliability Workbook (Google, 2018), chapter 5, table 5-8.
 */

/** A row of a published table. */
export interface PublishedRule {
  readonly severity: 'page' | 'ticket';
  readonly longMs: number;
  readonly shortMs: number;
  /** Share of the budget that is spent when the long window has burned at the threshold. */
  readonly budgetShare: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** The rules of the workbook, for windows of about a month. For 30 days the thresholds are 14.4, 6 and 1. */
export const workbookRules: readonly PublishedRule[] = [
  { severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs, budgetShare: 0.02 },
  { severity: 'page', longMs: 6 * hourMs, shortMs: 30 * minuteMs, budgetShare: 0.05 },
  { severity: 'ticket', longMs: 3 * dayMs, shortMs: 6 * hourMs, budgetShare: 0.1 },
];

/** For windows of less than 14 days: the shares that Sloth publishes for 7 days, thresholds 13.44, 3.5, 1.4 and 0.98. */
export const weekRules: readonly PublishedRule[] = [
  { severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs, budgetShare: 0.08 },
  { severity: 'page', longMs: 6 * hourMs, shortMs: 30 * minuteMs, budgetShare: 0.125 },
  { severity: 'ticket', longMs: dayMs, shortMs: 2 * hourMs, budgetShare: 0.2 },
  { severity: 'ticket', longMs: 3 * dayMs, shortMs: 6 * hourMs, budgetShare: 0.42 },
];

/** A float of a decimal: 1 - 0.9 is 0.1 again. */
const tidy = (value: number): number => Math.round(value * 1e12) / 1e12;

/**
 * The error budget of an objective: the share that may be bad.
 * @example budgetOf(0.999) // 0.001
 */
export const budgetOf = (target: number): number => tidy(1 - target);

/**
 * The threshold that spends a share of the budget within a window.
 * @example thresholdOf(0.02, 30 * 86400000, 3600000) // 14.4
 */
export const thresholdOf = (budgetShare: number, periodMs: number, longMs: number): number => tidy((budgetShare * periodMs) / longMs);

/**
 * The share of the budget that burning at a threshold spends within a window.
 * @example budgetShareOf(6, 30 * 86400000, 6 * 3600000) // 0.05
 */
export const budgetShareOf = (threshold: number, periodMs: number, longMs: number): number => tidy((threshold * longMs) / periodMs);

/**
 * The burn rate; undefined where nothing was counted: no data is neither good nor bad.
 * @example burnOf(144, 10000, 0.999) // 14.4
 */
export function burnOf(bad: number, total: number, target: number): number | undefined {
  if (!(total > 0)) return undefined;
  return tidy(bad / total / budgetOf(target));
}

/**
 * The highest burn rate there is: everything is bad.
 * @example ceilingOf(0.9) // 10
 */
export const ceilingOf = (target: number): number => tidy(1 / budgetOf(target));

/**
 * The objective that a threshold needs at least to be reachable.
 * @example leastTargetOf(14.4) // 0.930555555556
 */
export const leastTargetOf = (threshold: number): number => tidy(1 - 1 / threshold);

/**
 * The fewest events of which so many bad ones make the threshold: with fewer, one or two bad events would fire.
 * @example minimumEventsOf(14.4, 0.999, 5) // 348
 */
export const minimumEventsOf = (threshold: number, target: number, minimumBad: number): number =>
  Math.ceil(tidy(minimumBad / (threshold * budgetOf(target))));

/**
 * How long a share of bad events, after none, takes to reach the threshold, ms; undefined where it never does.
 * @example detectionMs(14.4, 0.999, 1, 3600000) // 51840
 */
export function detectionMs(threshold: number, target: number, badShare: number, longMs: number): number | undefined {
  const share = tidy((threshold * budgetOf(target)) / badShare);
  return share > 1 ? undefined : Math.round(share * longMs);
}

/** Whether a burn reaches a threshold; what floats differ by is no difference. */
export function reaches(burn: number, threshold: number, strict: boolean): boolean {
  const margin = 1e-9 * threshold;
  return strict ? burn > threshold + margin : burn >= threshold - margin;
}
