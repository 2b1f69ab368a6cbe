/** Credits that agents grant to customers: as many by each, of like amounts, the large ones approved. */
import { amountText } from '../feed.ts';
import { day, hour, isoText, minute } from '../instant.ts';
import { currency } from '../plans.ts';
import { draws, integer, keyOf, uniform } from '../random.ts';
import { localDay } from '../rhythm.ts';
import type { TableRow } from '../tables.ts';
import { offsetAt, type Subscriber, type World } from '../world.ts';
import { accountOf } from './subscriptions.ts';
import type { TableFeed, TableShape } from './table-feed.ts';

export const creditShape: TableShape = {
  feed: 'credits',
  kind: 'credit',
  columns: ['event_time', 'account_number', 'subscription_number', 'amount', 'currency', 'reason', 'agent', 'approval'],
  period: day,
};

export const agents = ['agent-01', 'agent-02', 'agent-03', 'agent-04', 'agent-05', 'agent-06', 'agent-07', 'agent-08'] as const;
const reasons = ['goodwill', 'outage', 'wrong_charge'] as const;

/** Amount from which a second person has to approve, micro-units. */
export const approvalLimit = 25_000_000;

export interface Credit {
  readonly at: number;
  readonly subscriber: Subscriber;
  /** Micro-units. */
  readonly amount: number;
  readonly reason: string;
  readonly agent: string;
}

/** A credit as a row; approved when it is large. */
export function creditRow({ at, subscriber, amount, reason, agent }: Credit, approved = amount >= approvalLimit): TableRow {
  return {
    event_time: isoText(at, 0, 'Z'),
    account_number: accountOf(subscriber.index),
    subscription_number: `+${subscriber.number}`,
    amount: amountText(amount),
    currency,
    reason,
    agent,
    approval: approved ? 'supervisor-1' : '',
  };
}

/** Credits granted in [from, to), in order of time. */
export function creditsOf(world: World, from: number, to: number): Credit[] {
  const found: Credit[] = [];
  const each = Math.max(16, Math.round(world.subscribers / 250));
  for (let number = localDay(from, offsetAt(world, from)); ; number++) {
    const midnight = number * day - offsetAt(world, from) * minute;
    if (midnight >= to) break;
    for (let place = 0; place < each; place++) {
      const lots = draws(keyOf(world.seed, 0x43524544, number, place));
      const at = midnight + 8 * hour + integer(lots, 10 * hour);
      const large = uniform(lots) < 0.1;
      const cents = large ? 2500 + integer(lots, 2000) : 300 + integer(lots, 1700);
      const subscriber = world.subscriberList[integer(lots, world.subscriberList.length)]!;
      const reason = reasons[integer(lots, reasons.length)]!;
      const agent = agents[(number * each + place) % agents.length]!;
      if (at >= from && at < to) found.push({ at, subscriber, amount: cents * 10_000, reason, agent });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The daily file of credits. */
export function creditFeed(world: World): TableFeed {
  return { ...creditShape, rows: (from, to) => creditsOf(world, from, to).map((credit) => creditRow(credit)) };
}
