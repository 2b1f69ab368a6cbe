/** What is counted becomes a verdict: share of good, error budget left, burn rates, and which rules fire. Pure. */
import { budgetOf, burnOf, reaches } from './burn.ts';
import type { BurnRule, Objective } from './objective.ts';
import { type Span, windowAt } from './window.ts';

/** Good and all of a stretch: events of Occurrences, slices with data of Timeslices. */
export interface Counts {
  readonly good: number;
  readonly total: number;
}

/** One slice as a source gives it. */
export interface Slice extends Counts {
  /** Its beginning, ms since 1970 UTC. */
  readonly at: number;
}

export interface Counted {
  readonly window: Counts;
  /** By rule, in their order. */
  readonly rules: readonly { readonly long: Counts; readonly short: Counts }[];
  /** End of the last slice with data, ms; undefined = there is none. */
  readonly lastDataAt: number | undefined;
}

/** `low_volume`: too few events to say; `no_data`: none in one of its windows. Neither is good or bad. */
export type RuleState = 'firing' | 'pending' | 'quiet' | 'low_volume' | 'no_data';

export interface RuleVerdict {
  readonly rule: BurnRule;
  readonly state: RuleState;
  /** Burn rates; undefined = no data. */
  readonly long: number | undefined;
  readonly short: number | undefined;
  /** Events or slices in the long window, and how many of them were bad. */
  readonly events: number;
  readonly bad: number;
}

export type SloState = 'ok' | 'burning' | 'exhausted' | 'no_data';

export interface Verdict {
  readonly state: SloState;
  /** The window of the objective; of a calendar up to its end. */
  readonly window: Span;
  /** First instant that was not judged yet. */
  readonly judgedTo: number;
  readonly good: number;
  readonly total: number;
  /** Share of good, 0 to 1; undefined = no data. */
  readonly share: number | undefined;
  /** Bad events or slices that the window allows. */
  readonly allowed: number;
  /** Share of the error budget that is left: 1 nothing spent, 0 spent, below it overspent; undefined = no data. */
  readonly left: number | undefined;
  readonly rules: readonly RuleVerdict[];
}

/** Since when each rule holds, by its name. */
export type Holding = ReadonlyMap<string, number>;

/**
 * Slices as counts: their events, or how many of them are good. Slices with fewer events than the minimum say nothing.
 * @example countsOf([{ at: 0, good: 9, total: 10 }, { at: 1, good: 0, total: 0 }], { method: 'Timeslices', sliceTarget: 0.9, sliceMinimum: 1 }) // { good: 1, total: 1 }
 */
export function countsOf(
  slices: readonly Counts[],
  { method, sliceTarget, sliceMinimum }: Pick<Objective, 'method' | 'sliceTarget' | 'sliceMinimum'>,
): Counts {
  let [good, total] = [0, 0];
  for (const slice of slices) {
    if (!(slice.total > 0) || slice.total < sliceMinimum) continue;
    if (method === 'Occurrences') {
      good += slice.good;
      total += slice.total;
    } else {
      good += slice.good >= sliceTarget * slice.total * (1 - 1e-12) ? 1 : 0;
      total++;
    }
  }
  return { good, total };
}

/**
 * How many may be bad. Occurrences: of what was counted so far. Timeslices: of the slices that were counted and of those that the window
 * still has before it, so that a calendar month begins with its whole budget. Slices without data buy nothing.
 */
export function allowedOf(
  { target, method, sliceMs }: Pick<Objective, 'target' | 'method' | 'sliceMs'>,
  total: number,
  aheadMs: number,
): number {
  const ahead = method === 'Timeslices' ? Math.max(0, Math.floor(aheadMs / sliceMs)) : 0;
  return budgetOf(target) * (total + ahead);
}

/**
 * Share of the budget that is left.
 * @example leftOf(5, 10) // 0.5
 */
export function leftOf(bad: number, allowed: number): number | undefined {
  if (!(allowed > 0)) return undefined;
  return 1 - bad / allowed;
}

function ruleVerdict(
  rule: BurnRule,
  { long, short }: { readonly long: Counts; readonly short: Counts },
  target: number,
  judgedTo: number,
  since: number | undefined,
): RuleVerdict {
  const burns = { long: burnOf(long.total - long.good, long.total, target), short: burnOf(short.total - short.good, short.total, target) };
  const base = { rule, ...burns, events: long.total, bad: long.total - long.good };
  if (burns.long === undefined || burns.short === undefined) return { ...base, state: 'no_data' };
  if (long.total < rule.minimumEvents) return { ...base, state: 'low_volume' };
  if (!reaches(burns.long, rule.threshold, rule.strict) || !reaches(burns.short, rule.threshold, rule.strict))
    return { ...base, state: 'quiet' };
  return { ...base, state: judgedTo - (since ?? judgedTo) >= rule.afterMs ? 'firing' : 'pending' };
}

/**
 * The verdict at an instant.
 * @param judgedTo end of the last slice that was counted
 * @param now the clock: data that is older than the objective allows is no data
 * @param holding since when rules hold, as `holdingOf` gave it last time
 */
export function judgeObjective(
  objective: Objective,
  counted: Counted,
  judgedTo: number,
  now: number,
  holding: Holding = new Map(),
): Verdict {
  const { target, noDataAfterMs } = objective;
  // An instant that ends a calendar period belongs to the next one; what was judged belongs to this.
  const window = windowAt(objective.window, objective.window.kind === 'calendar' ? judgedTo - 1 : judgedTo);
  const { good, total } = counted.window;
  const allowed = allowedOf(objective, total, window.to - judgedTo);
  const left = total > 0 ? leftOf(total - good, allowed) : undefined;
  const rules = objective.rules.map((rule, at) =>
    ruleVerdict(
      rule,
      counted.rules[at] ?? { long: { good: 0, total: 0 }, short: { good: 0, total: 0 } },
      target,
      judgedTo,
      holding.get(rule.name),
    ),
  );
  const silent = counted.lastDataAt === undefined || now - counted.lastDataAt >= noDataAfterMs;
  const firing = rules.some(({ state }) => state === 'firing');
  const state: SloState = silent || left === undefined ? 'no_data' : left <= 1e-12 ? 'exhausted' : firing ? 'burning' : 'ok';
  return { state, window, judgedTo, good, total, share: total > 0 ? good / total : undefined, allowed, left, rules };
}

/** Since when each rule holds, for the next verdict. */
export function holdingOf({ rules, judgedTo }: Verdict, before: Holding = new Map()): Holding {
  return new Map(
    rules.flatMap(({ rule, state }) => {
      if (state === 'firing' || state === 'pending') return [[rule.name, before.get(rule.name) ?? judgedTo] as const];
      // What cannot be seen does not end it.
      const since = before.get(rule.name);
      return state === 'no_data' && since !== undefined ? [[rule.name, since] as const] : [];
    }),
  );
}

/**
 * Where a burn began: the slice from which on the bad exceed what the rate allows by the most (the argument of a CUSUM's maximum). The
 * beginning of the last slice where they never do.
 * @param rate share of bad events that counts as burning
 * @example onsetOf([{ at: 0, good: 9, total: 10 }, { at: 60, good: 2, total: 10 }, { at: 120, good: 1, total: 10 }], 0.3) // 60
 */
export function onsetOf(slices: readonly Slice[], rate: number): number | undefined {
  let sum = 0;
  let best = Number.NEGATIVE_INFINITY;
  let onset: number | undefined;
  for (let at = slices.length - 1; at >= 0; at--) {
    const { good, total, at: instant } = slices[at]!;
    sum += total - good - rate * total;
    if (sum > best) {
      best = sum;
      onset = instant;
    }
  }
  return onset;
}
