/** The seeded operator: an MVNO with fixed access of its own. Everything else is a function of this and of time. */
import { type Cell, makeAccess, makeCells, type Pon } from './network.ts';
import { devices, homeNumber, imeiOf, imsiOf } from './numbers.ts';
import { type Plan, planShares, plans } from './plans.ts';
import { draws, integer, keyOf, normal, weighted } from './random.ts';
import { type Service, services } from './rhythm.ts';

export interface Subscriber {
  readonly index: number;
  /** E.164 digits without +. */
  readonly number: string;
  readonly imsi: string;
  readonly imei: string;
  readonly tac: string;
  readonly plan: Plan;
  readonly home: Cell;
  /** Expected events per mean hour of a workday. */
  readonly perHour: Readonly<Record<Service, number>>;
  /** Key of everything this subscriber does; an hour's key is made of it and of the hour. */
  readonly key: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly subscribers: number;
  /** Calls, messages and data sessions of a workday; each becomes about 2.3 records over all legs. */
  readonly eventsPerDay: number;
  readonly cells: number;
  readonly pons: number;
  readonly ontsPerPon: number;
  /** Offset of the operator's clocks from UTC in minutes, whole hours. */
  readonly offsetMinutes: number;
  /**
   * Whether the systems behind the network speak too: mediation, stage counters, daily changes of subscriptions, credits, invoices; the gateway
   * writes partial records, clocks differ a little, the host cuts sessions, and holidays are quiet. Default false.
   */
  readonly backOffice: boolean;
  /** Instant at which the clocks of the place go forward by an hour, UTC ms. Default: they never do. */
  readonly clockChangeAt: number;
  /** Minutes between two readings of status, uptime and optical level of an ONT. Default 0: the optical level once a day and nothing else. */
  readonly statusMinutes: number;
  /** Days since 1970 by the calendar of the place that pass like a Sunday, beside the holidays. Default: none. */
  readonly freeDays: readonly number[];
  /** Length of a billing period in days, from local midnight. Default: 30. */
  readonly billingDays: number;
}

export interface World extends WorldOptions {
  readonly subscriberList: readonly Subscriber[];
  readonly cellList: readonly Cell[];
  readonly ponList: readonly Pon[];
  /** `perHour` of all subscribers side by side (voice, SMS, data), for the loop that runs over everybody each hour. */
  readonly means: Float64Array;
}

export const defaultWorld: WorldOptions = {
  seed: 7,
  subscribers: 3000,
  eventsPerDay: 12_000,
  cells: 60,
  pons: 32,
  ontsPerPon: 32,
  offsetMinutes: -300,
  backOffice: false,
  clockChangeAt: Number.POSITIVE_INFINITY,
  statusMinutes: 0,
  freeDays: [],
  billingDays: 30,
};

/** Offset of the place from UTC at an instant, minutes. */
export function offsetAt({ offsetMinutes, clockChangeAt }: Pick<World, 'offsetMinutes' | 'clockChangeAt'>, instant: number): number {
  return instant < clockChangeAt ? offsetMinutes : offsetMinutes + 60;
}

const serviceShare: Readonly<Record<Service, number>> = { voice: 0.4, sms: 0.25, data: 0.35 };

/**
 * Makes the operator. The same options give the same operator.
 * @example createWorld({ subscribers: 2 }).subscriberList[0]!.number // '12015550100'
 */
export function createWorld(options: Partial<WorldOptions> = {}): World {
  const settings = { ...defaultWorld, ...options };
  const { seed } = settings;
  const cellList = makeCells(seed, settings.cells);
  const people = Array.from({ length: settings.subscribers }, (_, index) => person(seed, index, cellList));
  const scale = (service: Service): number => {
    const appetite = people.reduce((sum, { plan, activity }) => sum + plan.appetite[service] * activity, 0);
    return appetite === 0 ? 0 : (settings.eventsPerDay * serviceShare[service]) / 24 / appetite;
  };
  const scales = Object.fromEntries(services.map((service) => [service, scale(service)])) as Record<Service, number>;
  const subscriberList = people.map(({ activity, ...rest }) => ({ ...rest, perHour: appetiteOf(rest.plan, activity, scales) }));
  return {
    ...settings,
    cellList,
    ponList: makeAccess(seed, settings.pons, settings.ontsPerPon),
    subscriberList,
    means: Float64Array.from(subscriberList.flatMap(({ perHour }) => [perHour.voice, perHour.sms, perHour.data])),
  };
}

type Person = Omit<Subscriber, 'perHour'> & { readonly activity: number };

/** Activity is lognormal with sigma 1.1: the busiest tenth makes about half of the events. */
function person(seed: number, index: number, cells: readonly Cell[]): Person {
  const from = draws(keyOf(seed, 0x535542, index));
  const plan = plans[weighted(from, planShares)]!;
  const device = plan.name === 'meter' ? devices[5] : devices[integer(from, 5)]!;
  return {
    index,
    number: homeNumber(index),
    imsi: imsiOf(index),
    imei: imeiOf(device.tac, index),
    tac: device.tac,
    plan,
    home: cells[integer(from, cells.length)]!,
    key: keyOf(seed, 0x455654, index),
    activity: Math.exp(1.1 * normal(from)),
  };
}

function appetiteOf(plan: Plan, activity: number, scales: Record<Service, number>): Record<Service, number> {
  return {
    voice: plan.appetite.voice * activity * scales.voice,
    sms: plan.appetite.sms * activity * scales.sms,
    data: plan.appetite.data * activity * scales.data,
  };
}
