/** Verdicts as rows of slo_state and slo_burn. */
import { writeInstant } from '../../core/row.ts';
import { lengthText, type Objective, type Verdict } from '../../detectors/service/slo/index.ts';
import { sourceHash } from './read.ts';

/** Burn rates by window; a window without data is not there. */
export function burnsOf({ rules }: Pick<Verdict, 'rules'>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    rules.flatMap(({ rule, long, short }) => [
      ...(long === undefined ? [] : [[lengthText(rule.longMs), long]]),
      ...(short === undefined ? [] : [[lengthText(rule.shortMs), short]]),
    ]),
  );
}

/** Names of the rules that fire. */
export const firingOf = ({ rules }: Pick<Verdict, 'rules'>): readonly string[] =>
  rules.filter(({ state }) => state === 'firing').map(({ rule }) => rule.name);

export function stateRow(
  tenant: string,
  objective: Objective,
  verdict: Verdict,
  more: { readonly state: string; readonly lastDataAt: number | undefined; readonly now: number },
): object {
  return {
    tenant,
    slo: objective.identity,
    source: sourceHash(objective),
    service: objective.service,
    title: objective.title,
    method: objective.method,
    target: objective.target,
    state: more.state,
    window_from: writeInstant(Math.max(0, verdict.window.from)),
    window_to: writeInstant(Math.max(0, verdict.window.to)),
    judged_to: writeInstant(verdict.judgedTo),
    last_data_at: writeInstant(more.lastDataAt ?? 0),
    good: verdict.good,
    total: verdict.total,
    share: verdict.share ?? null,
    allowed: verdict.allowed,
    budget_left: verdict.left ?? null,
    burn: burnsOf(verdict),
    firing: firingOf(verdict),
    updated_at: writeInstant(more.now),
  };
}

export function burnRow(tenant: string, objective: Objective, verdict: Verdict, now: number): object {
  return {
    tenant,
    slo: objective.identity,
    at: writeInstant(verdict.judgedTo),
    state: verdict.state,
    good: verdict.good,
    total: verdict.total,
    budget_left: verdict.left ?? null,
    burn: burnsOf(verdict),
    firing: firingOf(verdict),
    written_at: writeInstant(now),
  };
}
