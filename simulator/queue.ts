/** What has happened and is yet to be written, with the scenarios that change what happens. */
import { byClosing, eventsOfHour, longest, type UsageEvent } from './event.ts';
import { partsOf } from './feed.ts';
import { feedsOf } from './feeds.ts';
import { hour } from './instant.ts';
import { mix } from './random.ts';
import type { Injection } from './scenario.ts';
import type { World } from './world.ts';

/** Events in order of closing, generated hour by hour as time moves on. */
export interface EventQueue {
  /** Closed events not yet forgotten, in order. */
  closed: UsageEvent[];
  advance(to: number): void;
  /** Lets go of what was closed before an instant. */
  forget(before: number): void;
}

/**
 * @param from first instant that counts, ms.
 * @param slowest longest delay of a feed, ms: so much earlier the events must be known.
 */
export function eventQueue(world: World, from: number, slowest: number, injections: readonly Injection[]): EventQueue {
  const shaping = injections.filter((injection) => injection.traffic);
  const adding = injections.filter((injection) => injection.extra);
  const altering = injections.filter((injection) => injection.alter);
  const cutMs = Math.max(...feedsOf(world).map((feed) => (feed.partials ? feed.cutMs : 0)));
  let changes: Change[] = [];
  let nextHour = Math.floor((from - longest - slowest - hour) / hour);
  let pending: UsageEvent[] = [];
  const queue: EventQueue = {
    closed: [],
    advance(to) {
      while (nextHour * hour < to) {
        const fresh: UsageEvent[] = [];
        for (const event of eventsOfHour(world, nextHour)) shape(event, shaping, world, fresh, changes);
        for (const injection of adding) fresh.push(...injection.extra!(nextHour * hour, world));
        for (const event of fresh) {
          let altered = event;
          for (const injection of altering) altered = injection.alter!(altered, world);
          pending.push(altered);
          if (cutMs > 0) interims(altered, cutMs, pending);
        }
        nextHour++;
        pending.sort(byClosing);
      }
      changes = tell(changes, from, to);
      let ready = 0;
      while (ready < pending.length && pending[ready]!.closedAt < to) ready++;
      for (let i = 0; i < ready; i++) queue.closed.push(pending[i]!);
      if (ready > 0) pending = pending.slice(ready);
    },
    forget(before) {
      let done = 0;
      while (done < queue.closed.length && queue.closed[done]!.closedAt < before) done++;
      if (done > 0) queue.closed = queue.closed.slice(done);
    },
  };
  return queue;
}

/** The records that the gateway closes while a session lasts; the one at its end is the event itself. */
function interims(event: UsageEvent, cutMs: number, into: UsageEvent[]): void {
  const parts = partsOf(event, cutMs);
  for (let part = 1; part < parts; part++)
    into.push({ ...event, interim: part, closedAt: event.start + part * cutMs + (event.lot % 3000) });
}

/** What a scenario made of an event, until the event's start has passed. */
interface Change {
  readonly event: UsageEvent;
  readonly times: number;
  readonly injection: Injection;
}

/** Adds the event to `into` as often as the scenarios say. */
function shape(event: UsageEvent, shaping: readonly Injection[], world: World, into: UsageEvent[], changes: Change[]): void {
  let count = 1;
  for (const injection of shaping) {
    const times = injection.traffic!(event, world);
    if (times !== 1 && count > 0) changes.push({ event, times, injection });
    count *= times;
  }
  if (count > 0) into.push(event);
  for (let copy = 1; copy < count; copy++) into.push(another(event, copy));
}

/** Tells of the changes to events that began in [from, to) and keeps the later ones. */
function tell(changes: Change[], from: number, to: number): Change[] {
  if (changes.length === 0) return changes;
  const later: Change[] = [];
  for (const change of changes) {
    const { event, times, injection } = change;
    if (event.start >= to) later.push(change);
    else if (event.start >= from) injection.changed?.(event, times);
  }
  return later;
}

/** One more event like this one, up to a minute later, with an identity of its own; up to three of them never begin in the same second. */
function another(event: UsageEvent, copy: number): UsageEvent {
  const lot = mix(event.lot + copy);
  const shift = 1000 + ((copy - 1) % 3) * 20_000 + (lot % 18_000);
  return {
    ...event,
    start: event.start + shift,
    answer: event.answer === 0 ? 0 : event.answer + shift,
    end: event.end + shift,
    closedAt: event.closedAt + shift,
    reference: `${event.reference}${copy.toString(36)}`,
    lot,
  };
}
