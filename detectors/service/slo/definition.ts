/** What burning budgets and missing data say: findings of kind service, through the same frame as controls. */
import { calm, type Definition, define, type Judgement } from '../../../core/definition.ts';
import { budgetShareOf } from './burn.ts';
import { lengthText } from './duration.ts';
import type { RuleVerdict, Verdict } from './judge.ts';
import type { Objective } from './objective.ts';
import { figureText, percentText, ruleText } from './rules.ts';
import { windowMs } from './window.ts';

function definition(
  identity: string,
  title: string,
  metric: string,
  meaning: string,
  formula: string,
  recovery: string,
  kind: 'service' | 'data' = 'service',
): Definition {
  return define({
    identity,
    title,
    kind,
    // An objective that cannot be judged says something about the figures, not about the service.
    rater: kind === 'data' ? 'assurance' : 'reliability',
    metric,
    trigger: 'minute',
    windowMs: 0,
    needs: { legs: [], tables: [], data: 'objectives in the folder of slo.directory' },
    query: '',
    columns: {},
    lookbackMs: 0,
    limits: [],
    scope: ['service', 'slo'],
    holdMs: 0,
    store: 'marked',
    evaluate: () => [],
    documentation: { meaning, formula, proof: 'Run the SQL of the finding: good and all by slice.', recovery },
  });
}

/** Fast burn: a person is to look now. */
const page = definition(
  'slo_page',
  'Error budget burns fast',
  'burn_rate',
  'An objective loses its error budget so fast that somebody must look now.',
  'burn = share of bad / (1 - objective), over a long and a short window, both at the threshold of a rule of severity page.',
  'Find what fails (the incident names what explains it); the finding clears when the short window is below the threshold.',
);
/** Slow burn: somebody is to look in working hours. */
const ticket = definition(
  'slo_ticket',
  'Error budget burns',
  'burn_rate',
  'An objective loses its error budget faster than it may, not so fast that it cannot wait for the day.',
  'As slo_page, for rules of any other severity. Silent while slo_page fires for the same objective.',
  'As slo_page.',
);
const noData = definition(
  'slo_no_data',
  'Objective without data',
  'no_data',
  'Nothing was counted for an objective for longer than it allows. It is neither kept nor broken: nobody knows.',
  'time since the last slice with data >= weir/no-data-after; only where an alert policy has alertWhenNoData.',
  'Find out why the source is silent: npx weir accounting, and the query of the SLI.',
);

/** An objective whose query fails. */
export const sloFailure: Definition = definition(
  'slo_failure',
  'Objective cannot be judged',
  'slo_error',
  'The query of an SLI failed, took too long, or gave columns that are not understood. Until it works again, the objective is not watched.',
  'violation while the last look failed.',
  'Mend the cause: npx weir slo check, and run the query as the analyst.',
  'data',
);

/** The judgement on a look itself. @param error empty = it did not fail */
export function sloFailureOf(objective: Objective, error: string, now: number): Judgement {
  const cell = { service: objective.service, slo: objective.identity };
  const window = { from: now, to: now + 1 };
  if (error === '') return calm(cell, window);
  return {
    ...calm(cell, window),
    state: 'violation',
    observed: 1,
    unit: 'looks',
    direction: 'up',
    p: 0,
    note: 'no amount and no customers: nothing was judged',
    title: `${objective.title}: the objective cannot be judged`,
    summary: `${objective.identity} (${objective.place}): ${error.slice(0, 500)}`,
  };
}

/** The definitions by which objectives speak. */
export const sloDefinitions: readonly Definition[] = [page, ticket, noData];

/** Severities that wake people. */
const isPage = (severity: string): boolean => /^(page|critical|sev1|p1|high)$/i.test(severity);

/** What a judgement needs besides the verdict. */
export interface SloEvidence {
  /** Stretch of event time, ms: SQL that shows the slices of it. */
  sql(from: number, to: number): Judgement['evidence'];
  /** When the burn of a rule began, ms. */
  beganAt(rule: RuleVerdict): number;
  readonly now: number;
}

/** Of the rules that fire, the one that burns the most of its threshold. */
function worst(rules: readonly RuleVerdict[]): RuleVerdict | undefined {
  return rules
    .filter(({ state }) => state === 'firing')
    .sort((a, b) => (b.long ?? 0) / b.rule.threshold - (a.long ?? 0) / a.rule.threshold)[0];
}

function burning(
  objective: Objective,
  verdict: Verdict,
  fired: RuleVerdict,
  cell: Readonly<Record<string, string>>,
  evidence: SloEvidence,
): Judgement {
  const { rule, long = 0, short = 0, events, bad } = fired;
  const { judgedTo, left } = verdict;
  const period = windowMs(objective.window);
  const spent = budgetShareOf(long, period, rule.longMs);
  const things = objective.method === 'Timeslices' ? 'slices' : 'events';
  return {
    ...calm(cell, { from: judgedTo - rule.longMs, to: judgedTo }),
    state: 'violation',
    observed: long,
    expected: 1,
    lower: 0,
    upper: rule.threshold,
    unit: 'times the sustainable rate',
    direction: 'up',
    statistic: long,
    p: 0,
    note: 'no amount and no customers: an objective counts events',
    title: `${objective.title}: error budget burns ${figureText(Math.round(long * 10) / 10)} times too fast`,
    summary: `${objective.service}, ${objective.title} (${percentText(objective.target)}): ${Math.round(bad)} of ${Math.round(events)} ${things} bad in ${lengthText(
      rule.longMs,
    )}, burn ${figureText(Math.round(long * 100) / 100)} over ${lengthText(rule.longMs)} and ${figureText(Math.round(short * 100) / 100)} over ${lengthText(
      rule.shortMs,
    )} (rule ${rule.name}: ${ruleText(rule, period)}). That alone spent ${percentText(Math.round(spent * 1e3) / 1e3)} of the budget; ${
      left === undefined ? 'what is left is not known' : `${percentText(Math.round(left * 1e3) / 1e3)} of it is left`
    }.`,
    beganAt: evidence.beganAt(fired),
    evidence: evidence.sql(judgedTo - rule.longMs, judgedTo),
  };
}

/**
 * What a verdict says, by definition. Missing data neither opens nor clears a burn: what stood before stands.
 * @param lastDataAt end of the last slice with data, ms
 */
export function sloJudgements(
  objective: Objective,
  verdict: Verdict,
  lastDataAt: number | undefined,
  evidence: SloEvidence,
): readonly { readonly definition: Definition; readonly judgement: Judgement }[] {
  const cell = { service: objective.service, slo: objective.identity };
  const window = { from: verdict.window.from, to: verdict.judgedTo };
  const paging = verdict.rules.filter(({ rule }) => isPage(rule.severity));
  const other = verdict.rules.filter(({ rule }) => !isPage(rule.severity));
  const paged = worst(paging);
  const of = (rules: readonly RuleVerdict[], fired: RuleVerdict | undefined): Judgement => {
    if (fired) return burning(objective, verdict, fired, cell, evidence);
    const blind = rules.length > 0 && rules.some(({ state }) => state === 'no_data' || state === 'pending');
    return { ...calm(cell, window), state: blind ? 'waiting' : 'ok', note: blind ? 'no data in a window of its rules' : '' };
  };
  const slow = worst(other);
  const since = lastDataAt ?? verdict.window.from;
  const silent = verdict.state === 'no_data' && evidence.now - since >= objective.noDataAfterMs;
  return [
    { definition: page, judgement: of(paging, paged) },
    { definition: ticket, judgement: paged && slow ? { ...of(other, slow), state: 'waiting' } : of(other, slow) },
    {
      definition: noData,
      judgement:
        objective.alertNoData && silent
          ? {
              ...calm(cell, { from: since, to: Math.max(since + 1, verdict.judgedTo) }),
              state: 'violation',
              observed: Math.round((evidence.now - since) / 60_000),
              expected: 0,
              upper: Math.round(objective.noDataAfterMs / 60_000),
              unit: 'minutes',
              direction: 'up',
              p: 0,
              note: 'no amount and no customers: nothing was counted',
              title: `${objective.title}: no data for the objective`,
              summary: `${objective.service}, ${objective.title}: nothing was counted ${
                lastDataAt === undefined ? 'in its window' : `since ${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC`
              }. The objective is neither kept nor broken.`,
              beganAt: since,
              evidence: evidence.sql(verdict.judgedTo - 86_400_000, verdict.judgedTo),
            }
          : calm(cell, window),
    },
  ];
}
