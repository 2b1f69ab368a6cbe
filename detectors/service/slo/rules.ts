/** Rules of an objective: the published ones where the file names none, and the refusal of those that could never fire. */
import {
  budgetShareOf,
  ceilingOf,
  leastTargetOf,
  minimumEventsOf,
  type PublishedRule,
  reaches,
  thresholdOf,
  weekRules,
  workbookRules,
} from './burn.ts';
import { lengthText } from './duration.ts';
import type { BurnRule, Objective } from './objective.ts';

/** What rules depend on. */
export type RuleFrame = Pick<Objective, 'target' | 'method' | 'sliceMs'> & {
  /** Length of the window of the objective, ms. */
  readonly periodMs: number;
  readonly minimumBad: number;
};

export interface RuleProblem {
  readonly message: string;
  readonly hint: string;
}

const dayMs = 86_400_000;

/** @example percentText(0.9995) // '99.95 %' */
export const percentText = (share: number): string => `${Math.round(share * 1e8) / 1e6} %`;

/** A figure without the noise of floats. @example figureText(14.400000000000002) // '14.4' */
export const figureText = (value: number): string => `${Math.round(value * 1e4) / 1e4}`;

/** Fewest events in the long window; a slice is judged by itself, so one is enough. */
export function minimumOf(threshold: number, { target, method, minimumBad }: RuleFrame): number {
  return method === 'Timeslices' ? 1 : minimumEventsOf(threshold, target, minimumBad);
}

/**
 * Why a rule can never fire, with the arithmetic; undefined when it can.
 * @example ruleProblem({ name: 'fast', severity: 'page', threshold: 14.4, strict: false, longMs: 3600000, shortMs: 300000, afterMs: 0, minimumEvents: 1 }, { target: 0.9, method: 'Occurrences', sliceMs: 60000, periodMs: 2592000000, minimumBad: 5 }).message
 * // 'can never fire: with the objective 90 % the highest burn rate is 1 / (1 - 0.9) = 10, below the threshold 14.4'
 */
export function ruleProblem(rule: BurnRule, { target, sliceMs, periodMs }: RuleFrame): RuleProblem | undefined {
  const ceiling = ceilingOf(target);
  if (!reaches(ceiling, rule.threshold, rule.strict)) {
    const least = Math.ceil(leastTargetOf(rule.threshold) * 1e4) / 1e4;
    return {
      message: `can never fire: with the objective ${percentText(target)} the highest burn rate is 1 / (1 - ${target}) = ${figureText(ceiling)}, ${
        rule.strict ? 'not above' : 'below'
      } the threshold ${figureText(rule.threshold)}`,
      hint: `A threshold of at most ${figureText(ceiling)}, or an objective of at least ${percentText(least)}. For ratios with a low natural ceiling use a detector against the own past.`,
    };
  }
  if (rule.longMs > periodMs)
    return {
      message: `can never fire: its window of ${lengthText(rule.longMs)} is longer than the window of the objective, ${lengthText(periodMs)}`,
      hint: 'Choose a lookbackWindow within the window of the objective.',
    };
  if (rule.shortMs < sliceMs)
    return {
      message: `can never fire: its short window of ${lengthText(rule.shortMs)} holds no whole slice of ${lengthText(sliceMs)}`,
      hint: `A lookbackWindow of at least ${lengthText(12 * sliceMs)} (the short window is a twelfth of it), the annotation weir/short-window, or a shorter slice.`,
    };
  return undefined;
}

/**
 * The rules of an objective whose file names none: those published for its window, without those that it could never fire.
 * @example usualRules({ target: 0.999, method: 'Occurrences', sliceMs: 60000, periodMs: 2592000000, minimumBad: 5 }).rules.map(({ threshold }) => threshold) // [14.4, 6, 1]
 */
export function usualRules(frame: RuleFrame): { readonly rules: readonly BurnRule[]; readonly notes: readonly string[] } {
  const published: readonly PublishedRule[] = frame.periodMs < 14 * dayMs ? weekRules : workbookRules;
  const rules: BurnRule[] = [];
  const notes: string[] = [];
  for (const { severity, longMs, shortMs, budgetShare } of published) {
    const threshold = thresholdOf(budgetShare, frame.periodMs, longMs);
    const rule: BurnRule = {
      name: `${severity}-${lengthText(longMs)}`,
      severity,
      threshold,
      strict: false,
      longMs,
      shortMs: Math.max(shortMs, frame.sliceMs),
      afterMs: 0,
      minimumEvents: minimumOf(threshold, frame),
    };
    // Less than the budget allows is no alarm.
    if (threshold < 0.9) continue;
    const problem = ruleProblem(rule, frame);
    if (problem) notes.push(`the usual rule ${rule.name} is left out, it ${problem.message}`);
    else rules.push(rule);
  }
  return { rules, notes };
}

/**
 * What a rule says, for a person.
 * @example ruleText({ name: 'page-1h', severity: 'page', threshold: 14.4, strict: false, longMs: 3600000, shortMs: 300000, afterMs: 0, minimumEvents: 348 }, 2592000000) // 'burn 14.4 over 1h and 5m (2 % of the budget), from 348 events'
 */
export function ruleText({ threshold, longMs, shortMs, minimumEvents, afterMs }: BurnRule, periodMs: number): string {
  const share = percentText(Math.round(budgetShareOf(threshold, periodMs, longMs) * 1e4) / 1e4);
  return `burn ${figureText(threshold)} over ${lengthText(longMs)} and ${lengthText(shortMs)} (${share} of the budget)${
    minimumEvents > 1 ? `, from ${minimumEvents} events` : ''
  }${afterMs > 0 ? `, for ${lengthText(afterMs)}` : ''}`;
}
