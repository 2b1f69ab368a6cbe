/** Credits that agents should not grant (S19). */
import { chargeable } from '../../feeds.ts';
import { day, hour } from '../../instant.ts';
import { agents, approvalLimit, type Credit, creditRow } from '../../office/credits.ts';
import { draws, integer, keyOf } from '../../random.ts';
import type { Scenario } from '../../scenario.ts';
import type { TableRow } from '../../tables.ts';
import type { World } from '../../world.ts';
import { type Tally, tally } from '../tally.ts';
import { dailyWorth, type LeakType, oneOf, planOf, type Site, typeOf } from './leak.ts';
import { strengthUpTo } from './onset.ts';

const within = ({ from, to }: Site, since: number, until: number): boolean => until > from && since < to;

/** Micro-units a day that customers pay: usage and recurring charges. */
function dailyBilling({ world, from }: Site): number {
  const recurring = world.subscriberList.reduce((sum, { plan }) => sum + plan.recurring, 0) / 30;
  return dailyWorth(world, from, chargeable) + recurring;
}

/** Credits beyond the usual by one agent, as many as the planned share of daily billing. @param next one of them, or some alike. */
function moreCredits(
  site: Site,
  leak: string,
  check: string,
  summary: (agent: string) => string,
  next: (world: World, key: number, at: number, agent: string) => readonly Credit[],
  more: Parameters<typeof planOf>[4],
  counted: (credits: readonly Credit[], count: Tally) => void,
): Scenario {
  const agent = oneOf(site, agents, 5);
  const count = tally(planOf(site, 'S19', leak, { check, agent }, more));
  const daily = site.share * dailyBilling(site);
  let granted = 0;
  let number = 0;
  return {
    name: leak,
    summary: summary(agent),
    inject: {
      rows(rows, feed, from, to) {
        if (feed !== 'credits' || !within(site, from, to)) return rows;
        const added: TableRow[] = [];
        const due = (daily * strengthUpTo(site, to)) / day;
        while (granted < due && added.length < 5000) {
          const at =
            Math.max(from, site.from) +
            Math.floor((integer(draws(keyOf(site.key, number)), 1000) / 1000) * (Math.min(to, site.to) - Math.max(from, site.from)));
          const credits = next(site.world, keyOf(site.key, 0x4352, ++number), at, agent).filter((credit) => credit.at < to);
          for (const credit of credits) {
            granted += credit.amount;
            added.push(creditRow(credit, credit.amount >= approvalLimit));
          }
          counted(credits, count);
        }
        return [...rows, ...added];
      },
    },
    truth: count.truth,
  };
}

const someone = (world: World, key: number) => world.subscriberList[key % world.subscriberList.length]!;
const each = (credits: readonly Credit[], count: Tally): void => {
  for (const credit of credits) count.record(credit.amount);
};

const generous = (site: Site): Scenario =>
  moreCredits(
    site,
    'agent-generous',
    'agent',
    (agent) => `${agent} grants far more credits than the others.`,
    (world, key, at, agent) => [{ at, subscriber: someone(world, key), amount: (600 + (key % 1400)) * 10_000, reason: 'goodwill', agent }],
    { class: 'risk' },
    each,
  );

const belowLimit = (site: Site): Scenario =>
  moreCredits(
    site,
    'below-approval-limit',
    'near_limit',
    (agent) => `${agent} grants credits just below the amount that needs an approval.`,
    (world, key, at, agent) => [
      { at, subscriber: someone(world, key), amount: approvalLimit - (1 + (key % 90)) * 10_000, reason: 'goodwill', agent },
    ],
    { class: 'risk' },
    each,
  );

/** The same credit again within hours; only the repeats count. */
const creditedTwice = (site: Site): Scenario =>
  moreCredits(
    site,
    'credited-twice',
    'repeated',
    (agent) => `${agent} grants the same credit to the same account again and again.`,
    (world, key, at, agent) => {
      const credit = { at, subscriber: someone(world, key), amount: (800 + (key % 1200)) * 10_000, reason: 'outage', agent };
      return [credit, { ...credit, at: at + Math.floor(hour / 20) }];
    },
    { also: [] },
    (credits, count) => {
      for (const credit of credits.slice(1)) count.record(credit.amount);
    },
  );

const credits = (check: string) => () => [`credits/${check}`];

export const creditLeaks: readonly LeakType[] = [
  typeOf('S19', 'agent-generous', 3, ['step', 'drift'], generous, credits('agent')),
  typeOf('S19', 'below-approval-limit', 3, ['step', 'drift'], belowLimit, credits('limit')),
  typeOf('S19', 'credited-twice', 3, ['step', 'drift'], creditedTwice, credits('twice')),
];
