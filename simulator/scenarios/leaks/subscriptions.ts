/** Leaks between network and billing: served and not billed, billed and not served (S15). */
import type { UsageEvent } from '../../event.ts';
import { day } from '../../instant.ts';
import { changesOf, joiners, type Named, type System, statement } from '../../office/subscriptions.ts';
import { plans } from '../../plans.ts';
import { keyOf } from '../../random.ts';
import type { Scenario, Truth } from '../../scenario.ts';
import { tally } from '../tally.ts';
import { type LeakType, planOf, type Site, typeOf } from './leak.ts';
import { chosen, moment, shapes, statements, type Wrong } from './wrongs.ts';

/** Recurring charges that are lost from when each went wrong, up to the present of the run or the end of the site. */
function recurringTruth(site: Site, leak: string, check: string, scope: Truth['scope'], also: readonly string[], kind: Truth['class']) {
  const count = tally(planOf(site, 'S15', leak, { check, ...scope }, { also, class: kind }));
  let seen = site.from;
  const state: { wrong: readonly (Wrong & { readonly monthly: number })[] } = { wrong: [] };
  return {
    state,
    see(to: number): void {
      seen = Math.max(seen, Math.min(to, site.to));
    },
    truth: (): Truth => {
      const standing = state.wrong.filter(({ at }) => at < seen);
      return {
        ...count.truth(),
        records: standing.length,
        money: Math.round(standing.reduce((sum, { at, monthly }) => sum + (monthly * (seen - at)) / (30 * day), 0)),
      };
    },
  };
}

const monthlyOf = (list: readonly { readonly plan: Named['plan'] }[]): number => list.reduce((sum, { plan }) => sum + plan.recurring, 0);

/** New customers whom the network serves and billing never hears of. */
function activationHalfDone(site: Site): Scenario {
  const joined = joiners(site.world, site.from, site.to).filter(({ leftAt }) => leftAt > site.to);
  const goal = site.share * monthlyOf(site.world.subscriberList);
  const order = joined.filter(({ plan }) => plan.recurring > 0).sort((a, b) => keyOf(site.key, a.index) - keyOf(site.key, b.index));
  const wrong: (Wrong & { monthly: number })[] = [];
  for (const one of order) {
    if (wrong.length > 0 && monthlyOf(wrong.map(({ who }) => who)) >= goal) break;
    wrong.push({ who: one, at: one.joinedAt, monthly: one.plan.recurring });
  }
  const { state, see, truth } = recurringTruth(site, 'activation-half-done', 'active_not_billed', { system: 'hlr' }, [], 'leakage');
  state.wrong = wrong;
  const forgotten = new Set(wrong.map(({ who }) => `+${who.number}`));
  return {
    name: 'activation-half-done',
    summary: 'New customers are active in the network, and billing does not know them.',
    inject: {
      rows(rows, feed, from, to) {
        if (feed !== changesOf('billing')) return rows;
        see(to);
        const mended = site.to >= from && site.to < to ? wrong.map(({ who }) => statement('billing', who, 'active', site.to)) : [];
        const kept = rows.filter(
          (row) => row['status'] !== 'active' || !forgotten.has(`${row['subscription_number']}`) || to > site.to + day,
        );
        return [...kept, ...mended];
      },
    },
    truth,
  };
}

/** Subscribers whom one system states otherwise than the other. */
function statedOtherwise(
  site: Site,
  leak: string,
  check: string,
  system: System,
  summary: string,
  say: (one: Named) => { plan?: Named['plan']; status: string },
  lost: (plan: Named['plan']) => number,
  more: { readonly also: readonly string[]; readonly class: Truth['class'] },
  quiet = false,
): Scenario {
  const { subscriberList } = site.world;
  const some = chosen(site, subscriberList, ({ plan }) => lost(plan), site.share * monthlyOf(subscriberList));
  const wrong = some.map((who, place) => ({ who, at: moment(site, place), monthly: lost(who.plan) }));
  const since = new Map(wrong.map(({ who, at }) => [who.index, at]));
  const { state, see, truth } = recurringTruth(site, leak, check, { system: 'hlr' }, more.also, more.class);
  state.wrong = wrong;
  return {
    name: leak,
    summary,
    inject: {
      // Whom the network no longer serves does not use it.
      ...(quiet
        ? {
            traffic: (event: UsageEvent) =>
              event.start >= (since.get(event.subscriber.index) ?? Infinity) && event.start < site.to ? 0 : 1,
          }
        : {}),
      rows(rows, feed, from, to) {
        if (feed !== changesOf(system)) return rows;
        see(to);
        return [...rows, ...statements(system, wrong, site, from, to, say)];
      },
    },
    truth,
  };
}

const cheaper = ({ name }: Named['plan']): Named['plan'] => plans.find((plan) => plan.name === (name === 'prime' ? 'smart' : 'meter'))!;

const stands = (check: string) => () => [`subscriptions/${check}`];

export const subscriptionLeaks: readonly LeakType[] = [
  typeOf('S15', 'activation-half-done', 5, ['step'], activationHalfDone, stands('not-billed')),
  typeOf(
    'S15',
    'billing-ended-alone',
    5,
    shapes,
    (site) =>
      statedOtherwise(
        site,
        'billing-ended-alone',
        'active_not_billed',
        'billing',
        'Billing has ended subscriptions that the network still serves.',
        () => ({ status: 'ceased' }),
        ({ recurring }) => recurring,
        { also: ['S16'], class: 'leakage' },
      ),
    stands('not-billed'),
  ),
  typeOf(
    'S15',
    'billed-for-cheaper-plan',
    5,
    shapes,
    (site) =>
      statedOtherwise(
        site,
        'billed-for-cheaper-plan',
        'plan_below',
        'billing',
        'Billing charges a cheaper plan than the network serves.',
        ({ plan }) => ({ plan: cheaper(plan), status: 'active' }),
        (plan) => Math.max(0, plan.recurring - cheaper(plan).recurring),
        { also: [], class: 'leakage' },
      ),
    stands('plan'),
  ),
  typeOf(
    'S15',
    'served-no-more',
    5,
    shapes,
    (site) =>
      statedOtherwise(
        site,
        'served-no-more',
        'billed_not_active',
        'hlr',
        'The network has ended subscriptions that billing still charges.',
        () => ({ status: 'ceased' }),
        ({ recurring }) => recurring,
        { also: [], class: 'over_charge' },
        true,
      ),
    stands('not-active'),
  ),
];
