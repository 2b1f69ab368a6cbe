/** S15: active and not billed, billed and not active, and plans that differ between network and billing. */
import { calm, define, type Evaluation, type Judgement, type Limit, notApplicable } from '../../core/definition.ts';
import type { FindingMoney } from '../../core/finding.ts';
import type { RowOf } from '../../core/row.ts';
import { groupedBy } from '../grouped.ts';
import { amountOf } from './amount.ts';
import { counted, figure, percent, utc } from './texts.ts';

const columns = {
  system: 'text',
  check: 'text',
  plan: 'text',
  profile: 'text',
  subscriptions: 'number',
  base: 'number',
  per_month: 'number',
  worth: 'number',
  began_at: 'instant',
  segments: 'texts',
  segment_counts: 'numbers',
  billing_known: 'number',
  network_known: 'number',
} as const;

type Row = RowOf<typeof columns>;

const query = 'control-active-not-billed';
const needs = 'subscriptions of a network system (hlr, hss, udm, aaa, cmts, olt) and of billing or ocs';

const limits: readonly Limit[] = [
  {
    name: 'share',
    default: 0.001,
    unit: 'ratio',
    min: 0,
    max: 0.5,
    description: 'Share of the active base above which any difference is told',
    learns: 'up',
  },
  {
    name: 'floor',
    default: 100,
    unit: 'currency',
    min: 0,
    max: 1e9,
    description: 'Recurring charge per month above which a smaller share is told too',
  },
  {
    name: 'coverage',
    default: 0.5,
    unit: 'ratio',
    min: 0.05,
    max: 1,
    description: 'Share of the base from which differences mean that the two systems name subscriptions differently',
  },
];

interface Check {
  readonly class: FindingMoney['class'];
  readonly title: string;
  readonly text: string;
}

const checks: Readonly<Record<string, Check>> = {
  active_not_billed: { class: 'leakage', title: 'active and not billed', text: 'are active in the network and billed by nobody' },
  billed_not_active: { class: 'over_charge', title: 'billed and not active', text: 'are billed and not served' },
  plan_below: {
    class: 'leakage',
    title: 'billed for a cheaper plan than they have',
    text: 'have a plan in the network that costs more than the one they are billed for',
  },
  plan_above: {
    class: 'over_charge',
    title: 'billed for a dearer plan than they have',
    text: 'are billed for a plan that costs more than the one they have in the network',
  },
  profile: {
    class: 'risk',
    title: 'with other services in the network than in billing',
    text: 'have the plan they are billed for, and other service flags (roaming, prepaid, barred and the like)',
  },
};

function segmentsOf(rows: readonly Row[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { segments, segment_counts } of rows) {
    segments.forEach((name, at) => {
      const known = name === '' ? 'unknown' : name;
      found[known] = (found[known] ?? 0) + segment_counts[at]!;
    });
  }
  return found;
}

function judge(system: string, name: string, all: readonly Row[], base: number, evaluation: Evaluation): Judgement {
  const { limit, window, currency, instant, tenant } = evaluation;
  const rows = all.filter((row) => row.system === system && row.check === name);
  const count = rows.reduce((sum, { subscriptions }) => sum + subscriptions, 0);
  const start: Judgement = {
    ...calm({ system, check: name }, window),
    observed: count,
    upper: limit('share') * base,
    unit: 'subscriptions',
    statistic: base === 0 ? 0 : count / base,
  };
  if (base > 0 && count >= limit('coverage') * base)
    return {
      ...start,
      state: 'not_applicable',
      note: `not applicable, needs subscriptions that both systems name alike: ${figure(count)} of ${figure(base)} of ${system} differ`,
    };
  const perMonth = rows.reduce((sum, row) => sum + row.per_month, 0);
  if (count === 0 || (count <= limit('share') * base && perMonth < limit('floor'))) return start;
  const { class: kind, title, text } = checks[name]!;
  const worth = rows.reduce((sum, row) => sum + row.worth, 0) * 1e6;
  const most = rows[0]!;
  const where = system === 'any' ? 'the network' : system;
  const share = most.subscriptions / count;
  const detail = most.profile === '' ? '' : ` Most differ in ${most.profile} (+ in the network alone, - in billing alone).`;
  return {
    ...start,
    state: 'violation',
    direction: 'up',
    p: 0,
    ...(worth > 0
      ? {
          money: amountOf(
            {
              micro: worth,
              // A change can take effect on any day between two snapshots: a day more or less for each.
              low: Math.max(0, worth - (perMonth * 1e6) / 30),
              high: worth + (perMonth * 1e6) / 30,
              class: kind,
              method: `recurring charge per month x days / 30 of ${counted(count, 'subscription')}, at most 90 days back; ${figure(perMonth)} ${currency} more each month`,
            },
            currency,
          ),
        }
      : {}),
    customers: { count, segments: segmentsOf(rows) },
    note:
      worth > 0
        ? ''
        : name === 'profile'
          ? 'no amount: what a service flag is worth is in no table'
          : 'no amount: no recurring charge is known for their plans',
    title: `${where}: ${counted(count, 'subscription')} ${title}`,
    summary: `${counted(count, 'subscription')} of ${where} ${text} (${percent(start.statistic)} of ${figure(base)} active), for more than two days; ${figure(perMonth)} ${currency} a month. ${percent(share, 2)} of them have plan ${most.plan === '' ? 'unknown' : most.plan}.${detail} The oldest since ${utc(most.began_at)}.`,
    beganAt: rows.reduce((first, { began_at }) => Math.min(first, began_at), most.began_at),
    evidence: { query: 'control-active-not-billed-evidence', params: { tenant, check: name, at: new Date(instant).toISOString() } },
  };
}

/**
 * S15: the subscriptions that the network serves against those that billing charges.
 * @example activeNotBilled.identity // 'S15'
 */
export const activeNotBilled = define({
  identity: 'S15',
  title: 'Active not billed, billed not active',
  kind: 'revenue',
  rater: 'assurance',
  metric: 'subscription_difference',
  trigger: 'nightly',
  windowMs: 0,
  needs: { legs: [], tables: ['subscriptions'], data: needs },
  query,
  columns,
  lookbackMs: 0,
  limits,
  scope: ['system', 'check'],
  holdMs: 0,
  store: 'all',
  evaluate(rows, evaluation) {
    if (!rows.some(({ billing_known, network_known }) => billing_known === 1 && network_known === 1))
      return [notApplicable(query, { system: '', check: '' }, evaluation.window, needs)];
    const systems = groupedBy(rows, ({ system }) => system);
    const whole = rows.reduce((sum, { base }) => sum + base, 0);
    return [...systems].flatMap(([system, own]) => {
      const base = system === 'any' ? whole : own.reduce((sum, row) => sum + row.base, 0);
      const names = system === 'any' ? ['billed_not_active'] : Object.keys(checks);
      return names.map((name) => judge(system, name, rows, base, evaluation));
    });
  },
  documentation: {
    meaning:
      'The network serves subscriptions that billing does not know, or bills for less: an activation that stopped half-way, a recurring charge that was never created, a profile changed by hand. Or billing charges for what the network no longer serves, and owes the money back.',
    formula:
      'Sets by pseudonym, as they hold now by validity. Active not billed: active in a network system, neither active nor suspended in billing and ocs. Billed not active: active in billing, ceased, pending or unknown in the network. Plan below or above: both active with different plans of different mean recurring charge. Profile: both active with the same plan and different service flags, of those flags that both sides use (roaming, prepaid, barred, a speed). Only what has held for two days, and held for two days before the older of both snapshots. Violation above `share` of the active base or `floor` per month. Worth: recurring charge (of the subscription, else the mean of its plan in billing) x days / 30, at most 90 days.',
    proof:
      'Run the SQL of the finding: the subscriptions with what each system states. Look a few up in the systems themselves; the pseudonym of a number: `npx weir pseudonym`.',
    recovery:
      'Create the missing charges and bill them back as far as the contract allows, or end the service; credit what was charged without service. Then mend the step of the order chain that failed.',
  },
});
