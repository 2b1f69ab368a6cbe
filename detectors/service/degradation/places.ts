/** Where calls fail: the narrowest places that explain it, each once. */
import { type Evidence, failureCusum, type Minute } from './failure-cusum.ts';

/** Attempts and failures of one combination of service, node, partner, route and site. */
export interface Leaf {
  readonly service: string;
  readonly labels: Readonly<Record<Dimension, string>>;
  readonly minutes: readonly number[];
  readonly attempts: readonly number[];
  readonly failures: readonly number[];
  /** Usual share of failures. */
  readonly usual: number;
}

export const dimensions = ['node', 'partner', 'route', 'site'] as const;
export type Dimension = (typeof dimensions)[number];

export interface Place extends Evidence {
  /** Empty = the whole leg; without a service: all of them. */
  readonly labels: Readonly<Partial<Record<Dimension | 'service', string>>>;
  readonly attempts: number;
  readonly failures: number;
  readonly expected: number;
}

/** Places told of one leg at once: beyond them a person looks at the whole. */
const mostPlaces = 6;

const nameOf = (labels: Place['labels']): string => ['service' as const, ...dimensions].map((each) => labels[each] ?? '').join('\n');

/** A route names a partner when at least this share of its attempts is of it: calls of roamers, which are another partner's, pass through it too. */
const mainShare = 0.8;

/** The partner of each route, where it has one. */
export function partnersOf(leaves: readonly Leaf[]): ReadonlyMap<string, string> {
  const routes = new Map<string, Map<string, number>>();
  for (const { labels, attempts } of leaves) {
    if (labels.route === '') continue;
    const own = routes.get(labels.route) ?? new Map<string, number>();
    routes.set(labels.route, own);
    own.set(labels.partner, (own.get(labels.partner) ?? 0) + attempts.reduce((sum, each) => sum + each, 0));
  }
  const main = new Map<string, string>();
  for (const [route, partners] of routes) {
    const [first] = [...partners].sort((a, b) => b[1] - a[1]);
    const all = [...partners.values()].reduce((sum, each) => sum + each, 0);
    if (first && first[0] !== '' && first[1] >= mainShare * all) main.set(route, first[0]);
  }
  return main;
}

/** The labels of a route: itself, with the partner behind it. */
export function routeLabels(route: string, partners: ReadonlyMap<string, string>): Place['labels'] {
  const partner = partners.get(route);
  return partner === undefined ? { route } : { partner, route };
}

/**
 * Places to which a leaf belongs: the whole, each of its labels alone, its route with the partner behind it; each for its service alone
 * and for all services, since what is out is mostly out for all. Of equal places the first is told.
 */
function placesOf({ service, labels }: Leaf, partners: ReadonlyMap<string, string>): readonly Place['labels'][] {
  const own: Place['labels'][] = [{}];
  for (const each of dimensions)
    if (labels[each] !== '') own.push(each === 'route' ? routeLabels(labels.route, partners) : { [each]: labels[each] });
  return own.flatMap((each) => [{ service, ...each }, each]);
}

/** Minutes of the leaves added up, in order. @param without leaves that another place explains */
function minutesOf(leaves: readonly Leaf[], without: ReadonlySet<Leaf>): readonly Minute[] {
  const sums = new Map<number, { attempts: number; failures: number; expected: number }>();
  for (const leaf of leaves) {
    if (without.has(leaf)) continue;
    leaf.minutes.forEach((at, place) => {
      const sum = sums.get(at) ?? { attempts: 0, failures: 0, expected: 0 };
      sum.attempts += leaf.attempts[place]!;
      sum.failures += leaf.failures[place]!;
      sum.expected += leaf.attempts[place]! * leaf.usual;
      sums.set(at, sum);
    });
  }
  return [...sums].sort(([a], [b]) => a - b).map(([at, sum]) => ({ at, ...sum }));
}

/**
 * Places where calls fail beyond chance: the one with the strongest evidence first, then, without what it explains, the next. A place that
 * holds little more than the faulty calls has stronger evidence than a wider one, in which good calls speak against it.
 * @example failingPlaces([], 16) // []
 */
export function failingPlaces(leaves: readonly Leaf[], limit: number): readonly Place[] {
  const members = new Map<string, { readonly labels: Place['labels']; readonly leaves: Leaf[] }>();
  const partners = partnersOf(leaves);
  for (const leaf of leaves)
    for (const labels of placesOf(leaf, partners)) {
      const name = nameOf(labels);
      const entry = members.get(name) ?? { labels, leaves: [] };
      entry.leaves.push(leaf);
      members.set(name, entry);
    }
  const explained = new Set<Leaf>();
  const found: Place[] = [];
  while (found.length < mostPlaces) {
    let best: { place: Place; leaves: readonly Leaf[]; weight: number } | undefined;
    for (const { labels, leaves: own } of members.values()) {
      const minutes = minutesOf(own, explained);
      const evidence = failureCusum(minutes, limit);
      if (!evidence.fires) continue;
      const during = minutes.filter(({ at }) => at >= evidence.since);
      const total = (of: 'attempts' | 'failures' | 'expected'): number => during.reduce((sum, minute) => sum + minute[of], 0);
      const place: Place = { labels, ...evidence, attempts: total('attempts'), failures: total('failures'), expected: total('expected') };
      const weight = likelihood(place);
      if (!best || weight > best.weight) best = { place, leaves: own, weight };
    }
    if (!best) break;
    found.push(best.place);
    for (const leaf of best.leaves) explained.add(leaf);
  }
  return found;
}

/** Log-likelihood ratio of the share that is seen against the usual one (binomial): a narrow place with the same excess weighs more. */
function likelihood({ attempts, failures, expected }: Place): number {
  const [seen, usual] = [Math.min(0.999, failures / attempts), Math.min(0.999, Math.max(1e-3, expected / attempts))];
  if (seen <= usual) return 0;
  return failures * Math.log(seen / usual) + (attempts - failures) * Math.log((1 - seen) / (1 - usual));
}
