/** Usage that a leak makes up. */
import type { UsageEvent } from '../../event.ts';
import { type Cell, host } from '../../network.ts';
import { hostNetwork } from '../../numbers.ts';
import { priceOf, wholesale } from '../../plans.ts';
import { bits, type Draws, hex } from '../../random.ts';
import type { Subscriber } from '../../world.ts';

export interface Made {
  readonly key: number;
  readonly lots: Draws;
  readonly subscriber: Subscriber;
  readonly start: number;
  readonly cell: Cell | undefined;
}

/** The eight digits with which the references of one planting begin. */
export const markOf = (key: number): string => hex(key >>> 0);

/** Whether a planting has made an event. */
export const madeBy = (event: UsageEvent, key: number): boolean => event.reference.length === 24 && event.reference.startsWith(markOf(key));

const common = ({ key, lots, subscriber, start, cell }: Made) => ({
  subscriber,
  plan: subscriber.plan,
  start,
  cell,
  answered: true,
  zone: 'national' as const,
  network: hostNetwork,
  partner: host.partner,
  trunkIn: '',
  reference: markOf(key) + hex(bits(lots)) + hex(bits(lots)),
  lot: bits(lots),
  interim: 0,
  only: '',
});

/** A data session. @param length ms */
export function madeSession(made: Made, length: number, octets: number): UsageEvent {
  const octetsUp = Math.floor(octets / 10);
  const rate = made.subscriber.plan.rates.data.national;
  return {
    ...common(made),
    service: 'data',
    direction: 'mo',
    answer: 0,
    end: made.start + length,
    octetsUp,
    octetsDown: octets - octetsUp,
    cause: 0,
    releaseSide: 'caller',
    status: 'released',
    postDialDelayMs: 0,
    other: '',
    route: '',
    rate,
    charge: priceOf(rate, octets),
    wholesaleCharge: priceOf(wholesale.data.national, octets),
    closedAt: made.start + length + 2000,
  };
}

/** An answered call to or from a number at home. @param talk ms */
export function madeCall(made: Made, direction: 'mo' | 'mt', other: string, talk: number): UsageEvent {
  const ringing = 6000;
  const rate = made.subscriber.plan.rates.voice.national;
  const outgoing = direction === 'mo';
  return {
    ...common(made),
    service: 'voice',
    direction,
    answer: made.start + ringing,
    end: made.start + ringing + talk,
    octetsUp: 0,
    octetsDown: 0,
    cause: 16,
    releaseSide: 'callee',
    status: 'ANSWERED',
    postDialDelayMs: 1500,
    other,
    route: outgoing ? host.routes[0]! : '',
    rate,
    charge: outgoing ? priceOf(rate, talk) : 0,
    wholesaleCharge: outgoing ? priceOf(wholesale.voice.national, talk) : 0,
    closedAt: made.start + ringing + talk + 2000,
  };
}
