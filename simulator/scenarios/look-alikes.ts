/** What looks like a leak and is none: nothing may be said of the money. */
import type { UsageEvent } from '../event.ts';
import { chargeable } from '../feeds.ts';
import { day, hour, isoText } from '../instant.ts';
import { changesOf, statement } from '../office/subscriptions.ts';
import { plans, priceOf } from '../plans.ts';
import { draws, integer, keyOf, mix, uniform } from '../random.ts';
import { localDay } from '../rhythm.ts';
import type { Scenario, Truth } from '../scenario.ts';
import { offsetAt, type World } from '../world.ts';
import { lateFile } from './files.ts';
import { tally } from './tally.ts';
import { quietDay } from './traffic.ts';

export interface LookAlikeOptions {
  readonly seed: number;
  /** Event time, ms, half-open. */
  readonly from: number;
  readonly to: number;
}

const innocent = (scenario: string, scope: Truth['scope'], from: number, to: number) =>
  tally({ scenario, nature: 'innocent', control: '', scope, from, to });

/** People who have a plan use more of a service for some days, as advertised. @param factor more than 1. */
export function campaign(plan: string, service: string, from: number, to: number, factor: number): Scenario {
  const count = innocent('campaign', { plan, service }, from, to);
  const about = (event: UsageEvent): boolean =>
    event.start >= from && event.start < to && event.service === service && event.subscriber.plan.name === plan;
  return {
    name: 'campaign',
    summary: `A campaign: ${service} of plan ${plan} at ${factor} times the usual.`,
    inject: {
      traffic: (event) => (about(event) ? Math.floor(factor) + (event.lot < (factor % 1) * 4294967296 ? 1 : 0) : 1),
      changed: (event) => count.record(event.charge),
    },
    truth: count.truth,
  };
}

/** A site is down: usage there does not take place, in any leg. */
export function siteOutage(site: string, from: number, to: number): Scenario {
  const count = innocent('outage', { site }, from, to);
  return {
    name: 'outage',
    summary: `${site} is down: nobody calls from there.`,
    inject: {
      traffic: (event) => (event.start >= from && event.start < to && event.cell?.site === site ? 0 : 1),
      changed: (event) => count.record(event.charge),
    },
    truth: count.truth,
  };
}

/** Clocks go forward: the operator's times are another hour from UTC, and so are its busy hours. Set `clockChangeAt` of the world for it. */
export function clockChange(world: World): Scenario {
  const count = innocent('daylight-saving', {}, world.clockChangeAt, world.clockChangeAt + day);
  return { name: 'daylight-saving', summary: 'Clocks go forward by an hour.', inject: {}, truth: count.truth };
}

/** A new switch takes the place of another: another name, numbers of records from the beginning. */
export function nodeSwap(node: string, instead: string, at: number): Scenario {
  const count = innocent('node-swap', { node }, at, at + day);
  let number = 0;
  return {
    name: 'node-swap',
    summary: `${instead} takes the place of ${node}.`,
    inject: {
      record(draft, feed) {
        if (feed.node !== node || draft.event.closedAt < at) return;
        draft.node = instead;
        draft.localSequence = ++number;
        count.record(0);
      },
    },
    truth: count.truth,
  };
}

/** Customers of a plan move to another: network, billing and rating change together, and the change is announced. @param share of the plan. */
export function planMigration(world: World, fromPlan: string, toPlan: string, at: number, share: number): Scenario {
  const count = innocent('plan-migration', { plan: toPlan }, at, at + day);
  const plan = plans.find(({ name }) => name === toPlan)!;
  const moved = world.subscriberList.filter((one) => one.plan.name === fromPlan && mix(one.key ^ 0x4d4947) < share * 4294967296);
  const indices = new Set(moved.map(({ index }) => index));
  return {
    name: 'plan-migration',
    summary: `${moved.length} customers of ${fromPlan} move to ${toPlan}.`,
    inject: {
      alter(event) {
        if (event.start < at || !indices.has(event.subscriber.index)) return event;
        const rate = plan.rates[event.service][event.zone];
        return { ...event, plan, rate, charge: chargeable(event) ? priceOf(rate, quantityOf(event)) : 0 };
      },
      rows(rows, feed, from, to) {
        if (at < from || at >= to) return rows;
        for (const system of ['hlr', 'billing'] as const) {
          if (feed !== changesOf(system)) continue;
          for (const _ of moved) count.record(0);
          return [...rows, ...moved.map((one) => statement(system, { ...one, plan }, 'active', at))];
        }
        if (feed !== 'change-log') return rows;
        const event_time = isoText(at, 0, 'Z');
        const scope = `plan=${toPlan}`;
        return [
          ...rows,
          {
            event_time,
            change_id: `C${at / hour}`,
            change_kind: 'price',
            system: 'billing',
            scope,
            summary: `Migration of ${fromPlan} to ${toPlan}`,
            actor: 'product',
          },
        ];
      },
    },
    truth: count.truth,
  };
}

const quantityOf = ({ service, answer, end, octetsUp, octetsDown }: UsageEvent): number =>
  service === 'voice' ? end - answer : octetsUp + octetsDown;

/**
 * The look-alikes of a period, one of each at a time of its own: a quiet day, a campaign, an outage, a late file of three feeds, a node swap, a migration of plans, and the
 * change of the clocks where the world has one.
 * @example lookAlikes(createWorld({ subscribers: 50 }), { seed: 1, from: 0, to: 864e6 }).every((each) => each.truth().nature === 'innocent') // true
 */
export function lookAlikes(world: World, { seed, from, to }: LookAlikeOptions): Scenario[] {
  const lots = draws(keyOf(seed, 0x494e4e4f));
  const last = Math.max(from, to - 2 * day);
  const some = (): number => from + Math.floor((uniform(lots) * (last - from)) / hour) * hour;
  const midnight = (at: number): number => localDay(at, offsetAt(world, at)) * day + day - offsetAt(world, at) * 60_000;
  const quiet = midnight(some());
  const busy = midnight(some());
  const down = some();
  const site = world.cellList[integer(lots, world.cellList.length)]?.site ?? '';
  return [
    quietDay(quiet, quiet + day, 0.55 + 0.2 * uniform(lots)),
    campaign('smart', integer(lots, 2) === 0 ? 'sms' : 'data', busy, busy + 2 * day, 1.3 + 0.5 * uniform(lots)),
    siteOutage(site, down, down + (1 + integer(lots, 4)) * hour),
    ...['msc-1', 'rating', 'host-wholesale'].map((feed) => lateFile({ feed, at: some() }, (2 + integer(lots, 5)) * hour)),
    nodeSwap('msc-2', 'msc-3', some()),
    planMigration(world, 'smart', 'office', midnight(some()), 0.03 + 0.05 * uniform(lots)),
    ...(world.clockChangeAt >= from && world.clockChangeAt < to ? [clockChange(world)] : []),
  ];
}
