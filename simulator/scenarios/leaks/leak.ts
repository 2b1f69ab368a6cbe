/** What a type of leak is, and what it is planted into. */
import { eventsOfHour, type UsageEvent } from '../../event.ts';
import { day, hour } from '../../instant.ts';
import { localDay } from '../../rhythm.ts';
import type { Onset, Scenario, Truth } from '../../scenario.ts';
import { offsetAt, type World } from '../../world.ts';
import type { Plan } from '../tally.ts';
import type { Span } from './onset.ts';

/** One planting. */
export interface Site extends Span {
  readonly world: World;
  /** Planned magnitude as a share of the daily revenue of the cell. */
  readonly share: number;
}

export interface LeakType {
  /** Name, unique over all controls. */
  readonly leak: string;
  /** Control that has to find it. */
  readonly control: string;
  /** What it disturbs: two leaks with a lane in common do not stand at the same time. */
  readonly lanes: (site: Pick<Site, 'key'>) => readonly string[];
  /** How long it stands, ms. */
  readonly lasts: number;
  /** Shapes that make sense for it. */
  readonly onsets: readonly Onset[];
  readonly plant: (site: Site) => Scenario;
}

/** Shapes of what can last. */
export const lasting: readonly Onset[] = ['step', 'drift', 'intermittent'];

/** What a planting says of itself. */
export function planOf(site: Site, control: string, leak: string, scope: Truth['scope'], more: Partial<Plan> = {}): Plan {
  const { from, to, onset, share } = site;
  return { scenario: leak, nature: 'leak', control, scope, from, to, onset, share, ...more };
}

const samples = new WeakMap<World, Map<number, readonly UsageEvent[]>>();
/** Events of a day that are kept as a sample. */
const mostSampled = 60_000;

/** Events of the workday before or on an instant's day, all of them or, in a large world, every so many hours of it. */
export function dayOf(world: World, at: number): { readonly events: readonly UsageEvent[]; readonly scale: number } {
  const offset = offsetAt(world, at);
  let number = localDay(at, offset);
  while ((number + 4) % 7 === 0 || (number + 4) % 7 === 6) number--;
  const every = Math.max(1, Math.ceil(world.eventsPerDay / mostSampled));
  const days = samples.get(world) ?? new Map<number, readonly UsageEvent[]>();
  samples.set(world, days);
  let events = days.get(number);
  if (!events) {
    const first = Math.floor((number * day - offset * 60_000) / hour);
    const found: UsageEvent[] = [];
    for (let n = 0; n < 24; n += every) for (const event of eventsOfHour(world, first + n)) found.push(event);
    events = found;
    days.set(number, events);
  }
  return { events, scale: 24 / Math.ceil(24 / every) };
}

/** Micro-units that the events of a mean workday are worth which a condition holds for. */
export function dailyWorth(world: World, at: number, keep: (event: UsageEvent) => boolean): number {
  const { events, scale } = dayOf(world, at);
  let sum = 0;
  for (const event of events) if (keep(event)) sum += event.charge;
  return sum * scale;
}

/** One of a list, by the key of a planting. */
export function oneOf<T>({ key }: Pick<Span, 'key'>, list: readonly T[], salt = 0): T {
  return list[((key >>> 3) + salt * 7919) % list.length]!;
}

/** A type of leak in one line. @param days how long it stands. */
export const typeOf = (
  control: string,
  leak: string,
  days: number,
  onsets: readonly Onset[],
  plant: LeakType['plant'],
  lanes: LeakType['lanes'],
): LeakType => ({ leak, control, lanes, lasts: days * day, onsets, plant });
