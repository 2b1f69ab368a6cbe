/** A week of service faults and look-alikes, one after the other, each at a time and place of its own. */
import { day, hour, minute } from '../instant.ts';
import { draws, integer, keyOf, uniform } from '../random.ts';
import { localDay } from '../rhythm.ts';
import type { Scenario } from '../scenario.ts';
import { offsetAt, type World } from '../world.ts';
import { fadingLight, failingCalls, firmwareRestarts, innocently, ponCut } from './service.ts';
import { quietDay } from './traffic.ts';

export interface ServicePlan {
  readonly scenarios: readonly Scenario[];
  /** Announced windows: their labels and time, ms. */
  readonly maintenance: readonly { readonly matchers: Readonly<Record<string, string>>; readonly from: number; readonly to: number }[];
}

export interface ServicePlanOptions {
  readonly seed: number;
  /** ms, half-open. */
  readonly from: number;
  readonly to: number;
  readonly faultsPerDay: number;
}

/** Types in the order in which they take turns. */
export const serviceFaults = ['route', 'partner', 'site', 'pon-cut', 'pon-partial', 'firmware', 'fading', 'route-fading'] as const;

/**
 * Faults by day, at least two hours apart, and as look-alikes the free days of the world, quiet nights and announced work.
 * @example servicePlan(createWorld({ subscribers: 50, statusMinutes: 5 }), { seed: 1, from: 0, to: 864e5, faultsPerDay: 3 }).scenarios.length > 3 // true
 */
export function servicePlan(world: World, { seed, from, to, faultsPerDay }: ServicePlanOptions): ServicePlan {
  const lots = draws(keyOf(seed, 0x53455256));
  const scenarios: Scenario[] = [];
  const maintenance: { matchers: Record<string, string>; from: number; to: number }[] = [];
  const ponOf = () => world.ponList[integer(lots, world.ponList.length)]!;
  let turn = integer(lots, serviceFaults.length);
  const days = Math.max(1, Math.floor((to - from) / day));
  for (let number = 0; number < days; number++) {
    const midnight = from + number * day;
    // Between eight and twenty-two by the clock of the place, each in a part of the day of its own.
    const opens = localOpening(world, midnight);
    const part = (14 * hour) / faultsPerDay;
    for (let each = 0; each < faultsPerDay; each++) {
      const at = opens + each * part + Math.floor(uniform(lots) * Math.max(0, part - 2 * hour - hour / 2));
      // What would not be over when watching ends is left out.
      if (at > to - 2.5 * hour) continue;
      scenarios.push(faultAt(world, serviceFaults[turn++ % serviceFaults.length]!, at, lots, ponOf));
    }
    // Work at night that was announced.
    const pon = ponOf();
    const night = opens - 6 * hour;
    if (number % 2 === 0 && night > from) {
      const places = pon.onts.map((_, place) => place);
      scenarios.push(innocently(ponCut(world, pon, places, night + 5 * minute, night + 50 * minute), 'maintenance'));
      maintenance.push({ matchers: { pon: pon.pon }, from: night, to: night + hour });
      for (const { ont } of pon.onts) maintenance.push({ matchers: { ont }, from: night, to: night + hour });
    }
    if (number % 3 === 1) scenarios.push(innocently(quietDay(opens - 7 * hour, opens - 3 * hour, 0.25), 'quiet-night'));
  }
  // People do by themselves what a free day is like.
  for (const free of world.freeDays) {
    const start = free * day - offsetAt(world, free * day) * minute;
    if (start < to && start + day > from) scenarios.push(innocently(quietDay(start, start + day, 1), 'holiday'));
  }
  return { scenarios, maintenance };
}

/** Eight in the morning by the clock of the place, on the day of an instant. */
function localOpening(world: World, instant: number): number {
  const offset = offsetAt(world, instant);
  return (
    localDay(instant, offset) * day -
    offset * minute +
    (instant - localDay(instant, offset) * day + offset * minute > 8 * hour ? day : 0) +
    8 * hour
  );
}

function faultAt(
  world: World,
  type: (typeof serviceFaults)[number],
  at: number,
  lots: ReturnType<typeof draws>,
  ponOf: () => World['ponList'][number],
): Scenario {
  const from = at + integer(lots, 60_000);
  const to = from + (40 + integer(lots, 30)) * minute;
  const routes = [
    { partner: 'alder-carrier', route: 'TG-ALD-1' },
    { partner: 'alder-carrier', route: 'TG-ALD-2' },
    { partner: 'beacon-telecom', route: 'TG-BEA-1' },
  ];
  if (type === 'route') {
    const scope = routes[integer(lots, routes.length)]!;
    const through = (route: string, trunk: string): boolean => route === scope.route || trunk === scope.route;
    return failingCalls({ scenario: type, scope, from, to }, ({ route, trunkIn }) => through(route, trunkIn), 0.5 + 0.5 * uniform(lots));
  }
  if (type === 'route-fading') {
    // Ever more calls of the route fail: from none to most of them within an hour.
    const scope = routes[integer(lots, routes.length)]!;
    const most = 0.5 + 0.4 * uniform(lots);
    return failingCalls(
      { scenario: type, scope, from, to: from + 90 * minute, onset: 'drift' },
      ({ route, trunkIn }) => route === scope.route || trunkIn === scope.route,
      (since) => most * Math.min(1, since / hour),
    );
  }
  if (type === 'partner') {
    const { partner } = routes[integer(lots, routes.length)]!;
    return failingCalls({ scenario: type, scope: { partner }, from, to }, (event) => event.partner === partner, 0.5 + 0.5 * uniform(lots));
  }
  if (type === 'site') {
    const { site, node } = world.cellList[integer(lots, world.cellList.length)]!;
    return failingCalls(
      { scenario: type, scope: { site, node }, from, to },
      (event) => event.cell?.site === site,
      0.6 + 0.4 * uniform(lots),
    );
  }
  const pon = ponOf();
  if (type === 'pon-cut')
    return ponCut(
      world,
      pon,
      pon.onts.map((_, place) => place),
      from,
      to,
    );
  if (type === 'pon-partial') {
    const first = 8 * integer(lots, Math.max(1, Math.floor(pon.onts.length / 8)));
    return ponCut(world, pon, pon.onts.map((_, place) => place).slice(first, first + 8), from, to);
  }
  if (type === 'firmware') {
    const { model, firmware } = pon.onts[integer(lots, pon.onts.length)]!;
    return firmwareRestarts(world, { model, firmware }, 0.4 + 0.5 * uniform(lots), from, from + 10 * minute);
  }
  return fadingLight(world, pon, 3 + 2 * uniform(lots), from, from + 2 * hour);
}
