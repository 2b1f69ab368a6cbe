/** Subscriptions that go wrong and are mended: who, when, and what a system says of them. */
import { hour } from '../../instant.ts';
import { type Named, type System, statement } from '../../office/subscriptions.ts';
import { keyOf, mix } from '../../random.ts';
import type { TableRow } from '../../tables.ts';
import type { Subscriber } from '../../world.ts';
import type { Site } from './leak.ts';
import { intensity } from './onset.ts';

/** A subscription that goes wrong at an instant and is mended at the end of the site. */
export interface Wrong {
  readonly who: Named;
  readonly at: number;
}

/** When number `place` of a list goes wrong: at once, over the time, or in the strong hours of it. */
export function moment(site: Site, place: number): number {
  const { from, to, onset, key } = site;
  const lot = keyOf(key, 0x4d4f4d, place) / 4294967296;
  if (onset === 'step' || onset === 'once') return from + Math.floor(lot * hour);
  // The first half of the time, so that each stands long enough to be settled.
  const at = from + Math.floor((lot * (to - from)) / 2);
  return onset === 'drift' || intensity(site, at) > 0 ? at : Math.min(to - 1, at + 6 * hour);
}

/** Subscribers in an order of their own, until what they are worth reaches a goal: one at least. */
export function chosen(site: Site, from: readonly Subscriber[], worth: (one: Subscriber) => number, goal: number): readonly Subscriber[] {
  const order = [...from].sort((a, b) => mix(a.key ^ site.key) - mix(b.key ^ site.key));
  const found: Subscriber[] = [];
  let sum = 0;
  for (const one of order) {
    if (worth(one) <= 0 || (found.length > 0 && sum + worth(one) / 2 > goal)) continue;
    found.push(one);
    sum += worth(one);
    if (sum >= goal) break;
  }
  return found;
}

/** Rows of a system when things go wrong and when they are mended. */
export function statements(
  system: System,
  wrong: readonly Wrong[],
  site: Site,
  from: number,
  to: number,
  say: (one: Named) => { plan?: Named['plan']; status: string },
): TableRow[] {
  const rows: TableRow[] = [];
  for (const { who, at } of wrong) {
    const { plan = who.plan, status } = say(who);
    if (at >= from && at < to) rows.push(statement(system, { ...who, plan }, status, at));
    if (site.to >= from && site.to < to) rows.push(statement(system, who, 'active', site.to));
  }
  return rows;
}

/** Shapes of what happens to subscriptions. */
export const shapes = ['step', 'drift', 'intermittent'] as const;
