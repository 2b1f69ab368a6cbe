/** S16: orphan and unauthorised usage: by nobody's subscription, or by one that is ceased, suspended or a test. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { RowOf } from '../../core/row.ts';
import { usageWorth } from '../usage-worth.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  check: 'text',
  service: 'text',
  records: 'number',
  subscribers: 'number',
  charge: 'money',
  first_at: 'instant',
  samples: 'texts',
  known: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-orphan-usage';
const windowMs = 4 * 3_600_000;
const dayMs = 86_400_000;
const needs = 'subscriptions of any system that name the subscribers of the usage';

const limits: readonly Limit[] = [
  {
    name: 'records',
    default: 3,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'Records of unknown subscribers in four hours and a service below which nothing is said',
    learns: 'up',
  },
  {
    name: 'state_records',
    default: 1,
    unit: 'records',
    min: 1,
    max: 1e9,
    description: 'The same of those that a system calls ceased, suspended or a test',
    learns: 'up',
  },
  {
    name: 'coverage',
    default: 0.2,
    unit: 'ratio',
    min: 0.001,
    max: 1,
    description: 'Share of unknown subscribers from which the subscriptions are taken to name them differently',
  },
];

const checks = {
  unknown: 'by subscribers that no system knows',
  ceased: 'after the subscription had ceased',
  suspended: 'while the subscription was suspended',
  test: 'by test subscriptions',
} as const;

type CheckName = keyof typeof checks;

function judge(all: Row, name: CheckName, row: Row | undefined, evaluation: Evaluation): Judgement {
  const { window, leg, limit, currency, tenant } = evaluation;
  // Who is unknown is judged a day later, when a snapshot of the subscriptions has come, and so is what the leg that charges has to tell first.
  const back = all.check === 'all_earlier' ? dayMs : 0;
  const judged = { from: window.from - back, to: window.to - back };
  const cell = { leg, service: all.service, check: name, at: new Date(judged.from).toISOString() };
  // An unknown number may be a slip of a node; what a system has said of a subscription is none.
  const least = limit(name === 'unknown' ? 'records' : 'state_records');
  const start: Judgement = {
    ...calm(cell, judged),
    observed: row?.records ?? 0,
    upper: least,
    unit: 'records',
    statistic: (row?.subscribers ?? 0) / Math.max(1, all.subscribers),
  };
  if (!row || row.records < least) return start;
  if (name === 'unknown' && start.statistic >= limit('coverage'))
    return { ...start, state: 'not_applicable', note: `not applicable, needs ${needs}: ${percent(start.statistic)} of ${leg} are unknown` };
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(row.charge > 0
      ? {
          money: amountOf(
            {
              micro: row.charge,
              low: 0,
              high: row.charge,
              class: 'leakage',
              method: 'charges of the records, lost unless somebody can be billed',
            },
            currency,
          ),
        }
      : {}),
    valued: {
      ...usageWorth({ tenant, leg, service: all.service, from: judged.from, to: judged.to }),
      records: row.records,
      class: 'leakage',
      what: `records ${checks[name]}`,
      perhaps: true,
    },
    customers: { count: row.subscribers, segments: {} },
    title: `${leg} ${all.service}: ${counted(row.records, 'record')} ${checks[name]}`,
    summary: `${counted(row.records, 'record')} of ${all.service} on ${leg} ${checks[name]}: ${counted(row.subscribers, 'subscriber')} of ${figure(all.subscribers)} in the four hours from ${utc(judged.from)}.`,
    beganAt: row.first_at,
    evidence: {
      query: 'control-orphan-usage-evidence',
      params: { tenant, leg, from: new Date(judged.from).toISOString(), to: new Date(judged.to).toISOString() },
    },
    samples: row.samples,
  };
}

/**
 * S16: usage against the state of the subscription when it took place.
 * @example orphanUsage.identity // 'S16'
 */
export const orphanUsage = define({
  identity: 'S16',
  title: 'Orphan and unauthorised usage',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'orphan_records',
  trigger: 'window-close',
  windowMs,
  needs: { legs: [], tables: ['usage', 'subscriptions'], data: needs },
  query,
  columns,
  lookbackMs: dayMs,
  limits,
  scope: ['leg', 'service', 'check'],
  holdMs: dayMs,
  store: 'all',
  evaluate(rows, evaluation) {
    if (!rows.some(({ known }) => known > 0))
      return [notApplicable(query, { leg: evaluation.leg, service: '', check: '' }, evaluation.window, needs)];
    const whole = (check: string) => rows.filter((row) => row.check === check);
    const of = (name: CheckName, base: readonly Row[]) =>
      base.map((all) =>
        judge(
          all,
          name,
          rows.find((row) => row.check === name && row.service === all.service),
          evaluation,
        ),
      );
    const later = whole('all_earlier');
    const first = [...whole(''), ...later.filter(({ service }) => !whole('').some((row) => row.service === service))];
    return [...of('ceased', first), ...of('suspended', first), ...of('test', first), ...of('unknown', later)];
  },
  summarise(judgements) {
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    return `${counted(total, 'record')} in ${counted(judgements.length, 'window')} of the last day. Latest: ${judgements.at(-1)!.summary}`;
  },
  entitle(judgements) {
    const { cell } = judgements[0]!;
    const total = judgements.reduce((sum, { observed }) => sum + observed, 0);
    return `${cell['leg']} ${cell['service']}: ${counted(total, 'record')} ${checks[cell['check'] as CheckName]}`;
  },
  documentation: {
    meaning:
      'Usage that nobody is billed for because the subscription is unknown, has ended, is suspended, or was meant for tests: test SIMs in normal use, IMSIs that were used again, a disconnection that billing carried out and the network did not.',
    formula:
      'Usage of four hours, without what came to our subscribers, by the state of its subscription (by number or IMSI) as of an hour before: test, suspended or ceased where a system says so and none says active or pending (billing, ocs and crm alone where they know it); unknown where no system has ever named it, judged a day later. The leg that charges a service (rating, else ocs, else billing) tells of it; any other leg tells a day later, of those whom the charging leg does not have. Violation from `state_records` of a service on, of unknown ones from `records` on. A window counts for 24 hours. Unknown shares beyond `coverage` mean that subscriptions and usage name people differently: not applicable.',
    proof:
      'Run the SQL of the finding: the subscribers of the window whom no system calls active, with what each system says and how much they used.',
    recovery:
      'Have the network end the service, or billing take it up again and charge from the first use. A number range of another operator or a partner in the records: take it up with them (S09).',
  },
});
