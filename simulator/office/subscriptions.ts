/** What network and billing say of subscriptions: the base once, and each day's changes. */
import { amountText } from '../feed.ts';
import { day, hour, isoText, minute } from '../instant.ts';
import { lifecycleSteps } from '../lifecycle.ts';
import { imsiOf } from '../numbers.ts';
import { currency, type Plan, plans } from '../plans.ts';
import { draws, integer, keyOf, uniform } from '../random.ts';
import type { TableRow } from '../tables.ts';
import type { World } from '../world.ts';
import type { TableFeed, TableShape } from './table-feed.ts';

export type System = 'hlr' | 'billing';

export const subscriptionColumns = [
  'system',
  'subscription_number',
  'imsi_number',
  'account_number',
  'status',
  'plan',
  'segment',
  'recurring_charge',
  'currency',
  'valid_from',
] as const;

export const subscriptionShapes: readonly TableShape[] = [
  { feed: 'hlr-changes', kind: 'subscription', columns: subscriptionColumns, period: day },
  { feed: 'billing-changes', kind: 'subscription', columns: subscriptionColumns, period: day },
];

/** Feed in which a system states changes. */
export const changesOf = (system: System): string => `${system}-changes`;

/** A subscription as a row names it. @param index of the subscriber, or beyond those of a new customer. */
export interface Named {
  readonly index: number;
  readonly number: string;
  readonly plan: Plan;
}

/** What a system states from an instant on. */
export function statement(system: System, { index, number, plan }: Named, status: string, validFrom: number): TableRow {
  return {
    system,
    subscription_number: `+${number}`,
    imsi_number: imsiOf(index),
    account_number: accountOf(index),
    status,
    plan: plan.name,
    segment: plan.segment,
    recurring_charge: amountText(plan.recurring),
    currency,
    valid_from: isoText(validFrom, 0, 'Z'),
  };
}

/** @example accountOf(5) // 'A100005' */
export const accountOf = (index: number): string => `A${100_000 + index}`;

/** A customer who joins during the simulation: never uses anything, and may leave again. */
export interface Joiner extends Named {
  readonly joinedAt: number;
  /** Infinity = stays. */
  readonly leftAt: number;
}

/** Time by which billing knows what the network does. */
const behind: Readonly<Record<System, number>> = { hlr: 0, billing: 5 * minute };
/** Nobody who leaves stays longer than this. */
const longestStay = 25 * day;

/** Who joined in [from, to), in order of time: orders that were provisioned. */
export function joiners(world: World, from: number, to: number): Joiner[] {
  return lifecycleSteps(world, from, to).flatMap(({ step, result, at, index, number, plan }) => {
    if (step !== 'provisioned' || result !== 'ok') return [];
    const lots = draws(keyOf(world.seed, 0x4a4f494e, index, Math.floor(at / hour)));
    const leaves = uniform(lots) < 0.2;
    const leftAt = leaves ? at + 5 * day + integer(lots, longestStay - 5 * day) : Number.POSITIVE_INFINITY;
    return [{ index, number, plan: plans.find(({ name }) => name === plan)!, joinedAt: at, leftAt }];
  });
}

/** Changes of one system: new customers and those who leave. @param start first instant of the run: who joined before is not known. */
export function subscriptionFeed(world: World, system: System, start: number): TableFeed {
  const shape = subscriptionShapes.find(({ feed }) => feed === changesOf(system))!;
  const late = behind[system];
  return {
    ...shape,
    rows(from, to) {
      const joined = joiners(world, Math.max(start, from - longestStay - day), to);
      const within = (at: number): boolean => at + late >= from && at + late < to;
      return [
        ...joined.filter(({ joinedAt }) => within(joinedAt)).map((each) => statement(system, each, 'active', each.joinedAt)),
        ...joined.filter(({ leftAt }) => within(leftAt)).map((each) => statement(system, each, 'ceased', each.leftAt)),
      ];
    },
  };
}
