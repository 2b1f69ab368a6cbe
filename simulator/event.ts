/** What happens in the world: a call, a message, a data session. Every leg that sees it writes a record of its own. */

import { hour, minute, second } from './instant.ts';
import { type Cell, carriers, type Partner, roamingPartners } from './network.ts';
import { foreignNumber, goesAbroad, homeNumber, hostNetwork } from './numbers.ts';
import { type Plan, priceOf, type Rate, wholesale, type Zone } from './plans.ts';
import { bits, type Draws, draws, exponential, firstUniform, hex, integer, keyOf, mix, normal, poisson, rekey, uniform } from './random.ts';
import { localDay, rhythm, type Service, services } from './rhythm.ts';
import { offsetAt, type Subscriber, type World } from './world.ts';

export interface UsageEvent {
  readonly service: Service;
  readonly subscriber: Subscriber;
  /** Plan by which it is charged. */
  readonly plan: Plan;
  readonly direction: 'mo' | 'mt';
  /** Instants in ms; answer is 0 where nobody answered. */
  readonly start: number;
  readonly answer: number;
  readonly end: number;
  readonly octetsUp: number;
  readonly octetsDown: number;
  /** Voice: answered; message: delivered. */
  readonly answered: boolean;
  readonly cause: number;
  readonly releaseSide: 'caller' | 'callee' | 'network';
  readonly status: string;
  readonly postDialDelayMs: number;
  /** E.164 digits of the other party; empty for data. */
  readonly other: string;
  readonly zone: Zone;
  /** Cell in the home network, undefined when roaming. */
  readonly cell: Cell | undefined;
  readonly network: string;
  readonly partner: string;
  readonly route: string;
  readonly trunkIn: string;
  /** Charging identifier that all own legs share. */
  readonly reference: string;
  readonly rate: Rate;
  /** Retail and wholesale price in micro-units. */
  readonly charge: number;
  readonly wholesaleCharge: number;
  /** When the network closes the record: it can be written from here on. */
  readonly closedAt: number;
  /** Uniform 32 bits of this event alone: what a scenario thins by. */
  readonly lot: number;
  /** 0 = the whole; else the number of an interim record that the gateway writes while the session lasts, from 1. */
  readonly interim: number;
  /** Feed that alone knows of it; empty = every feed that such usage passes. */
  readonly only: string;
}

/** No event is longer, and no record is closed later than this after it ended. */
export const longest = 4 * hour;

const from: Draws = draws(0);

/**
 * Everything that begins in one hour, in order of closing.
 * @param hourNumber hours since 1970 UTC.
 */
export function eventsOfHour(world: World, hourNumber: number): UsageEvent[] {
  const start = hourNumber * hour;
  const [voice, sms, data] = services.map((service) =>
    rhythm(world.seed, service, start, offsetAt(world, start), world.backOffice, world.freeDays),
  ) as [number, number, number];
  const events: UsageEvent[] = [];
  const hourKey = keyOf(world.seed, 0x484f5552, hourNumber);
  const { subscriberList, means: all } = world;
  for (let index = 0; index < subscriberList.length; index++) {
    const calls = all[3 * index]! * voice;
    const sessions = all[3 * index + 2]! * data;
    const means = calls + all[3 * index + 1]! * sms + sessions;
    const subscriber = subscriberList[index]!;
    const key = mix(subscriber.key ^ hourKey);
    // 1 - mean is below exp(-mean), the probability of no event: most hours of most people end here.
    if (firstUniform(key) < 1 - means) continue;
    const count = poisson(rekey(from, key), means);
    if (count === 0) continue;
    const away = roamingOf(world, subscriber, start);
    for (let i = 0; i < count; i++) {
      const kind = uniform(from) * means;
      const service = kind < calls ? 'voice' : kind < means - sessions ? 'sms' : 'data';
      events.push(makeEvent(world, subscriber, service, away, start));
    }
  }
  return events.sort(byClosing);
}

/** Order in which records are written; the lot settles ties so that the order never depends on how it was generated. */
export function byClosing(a: UsageEvent, b: UsageEvent): number {
  return a.closedAt - b.closedAt || a.lot - b.lot;
}

/** One subscriber in seventy is abroad on a given day. */
function roamingOf(world: World, subscriber: Subscriber, start: number): Partner | undefined {
  const lot = keyOf(world.seed, 0x524f41, subscriber.index, localDay(start, offsetAt(world, start)));
  return lot % 70 === 0 && subscriber.plan.name !== 'meter' ? roamingPartners[lot % roamingPartners.length] : undefined;
}

function makeEvent(world: World, subscriber: Subscriber, service: Service, away: Partner | undefined, hourStart: number): UsageEvent {
  const start = hourStart + integer(from, hour);
  const call = service === 'voice';
  const outgoing = service === 'data' || uniform(from) < 0.62;
  const abroad = service !== 'data' && goesAbroad(from);
  const party = service === 'data' ? undefined : abroad ? foreignNumber(from) : undefined;
  const other = service === 'data' ? '' : (party?.number ?? acquaintance(world, subscriber));
  const zone: Zone = away ? 'roaming' : party ? (party.destination.zone as Zone) : 'national';
  const carrier = service === 'data' ? undefined : carrierOf(abroad);
  const answered = call ? uniform(from) < 0.66 : uniform(from) < 0.985;
  const postDialDelayMs = call ? 800 + Math.round(1200 * exponential(from)) : 0;
  const ringing = call ? 2000 + Math.round(Math.min(40_000, 7000 * exponential(from))) : 0;
  const length = service === 'voice' ? (answered ? talkMs() : 0) : service === 'data' ? sessionMs() : 0;
  const end = start + (call ? postDialDelayMs + ringing : 0) + length;
  const octets = service === 'data' ? volume() : 0;
  const octetsUp = Math.round(octets * (0.06 + 0.1 * uniform(from)));
  const rate = subscriber.plan.rates[service][zone];
  const chargeable = outgoing && (answered || service === 'data');
  const quantity = call ? length : octets;
  return {
    service,
    subscriber,
    plan: subscriber.plan,
    direction: outgoing ? 'mo' : 'mt',
    start,
    answer: call && answered ? end - length : 0,
    end,
    octetsUp,
    octetsDown: octets - octetsUp,
    answered: service === 'data' || answered,
    cause: call ? (answered ? 16 : unansweredCause()) : 0,
    releaseSide: !call || answered ? (uniform(from) < 0.55 ? 'caller' : 'callee') : 'network',
    status: call ? (answered ? 'ANSWERED' : 'NO ANSWER') : service === 'sms' ? (answered ? 'delivered' : 'failed') : 'released',
    postDialDelayMs,
    other,
    zone,
    cell: away ? undefined : uniform(from) < 0.7 ? subscriber.home : world.cellList[integer(from, world.cellList.length)]!,
    network: away?.network ?? hostNetwork,
    partner: away?.partner ?? carrier?.partner ?? 'host-mno',
    route: outgoing && carrier ? carrier.routes[integer(from, carrier.routes.length)]! : '',
    trunkIn: !outgoing && carrier ? carrier.routes[integer(from, carrier.routes.length)]! : '',
    reference: hex(bits(from)) + hex(mix(start ^ subscriber.key)),
    rate,
    charge: chargeable ? priceOf(rate, quantity) : 0,
    wholesaleCharge: chargeable ? priceOf(wholesale[service][zone], quantity) : 0,
    closedAt: end + closingDelay(),
    lot: bits(from),
    interim: 0,
    only: '',
  };
}

/** Talk time in ms: lognormal, median 70 s, at most an hour. */
function talkMs(): number {
  return Math.max(1000, Math.min(hour, Math.round(70_000 * Math.exp(1.1 * normal(from)))));
}

/** Session time in ms: lognormal, median 9 minutes, at most three hours. */
function sessionMs(): number {
  return Math.min(3 * hour, Math.round(9 * minute * Math.exp(0.9 * normal(from))));
}

/** Octets: lognormal, median 3 MB, at most 4 GB. */
function volume(): number {
  return Math.min(4_000_000_000, Math.round(3_000_000 * Math.exp(1.8 * normal(from))));
}

/** Nearly every record is closed within seconds; one in 300 is found late by an audit in the node. */
function closingDelay(): number {
  return uniform(from) < 1 / 300 ? Math.round(50 * minute * uniform(from)) : second + Math.round(2 * second * exponential(from));
}

/** Calls fail by: no answer 19, busy 17, unallocated 1, temporary failure 41, no circuit 34. */
function unansweredCause(): number {
  const u = uniform(from);
  return u < 0.55 ? 19 : u < 0.86 ? 17 : u < 0.93 ? 1 : u < 0.97 ? 41 : 34;
}

/** People mostly talk to a few others: one in five calls goes to one of six friends, the rest to anybody. */
function acquaintance(world: World, subscriber: Subscriber): string {
  const pool = Math.max(8000, world.subscribers * 2);
  if (uniform(from) < 0.2) return homeNumber(keyOf(world.seed, 0x465244, subscriber.index, integer(from, 6)) % pool);
  return homeNumber(integer(from, pool));
}

function carrierOf(abroad: boolean): Partner | undefined {
  const u = uniform(from);
  if (abroad) return carriers[u < 0.7 ? 2 : 1];
  return u < 0.5 ? carriers[0] : u < 0.8 ? carriers[1] : undefined;
}
