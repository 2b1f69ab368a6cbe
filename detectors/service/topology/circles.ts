/** Circles in the topology: an element that stands behind itself, by edges that all hold at one instant. */
import { elementText, type PlacedEdge } from './edge.ts';

export interface Circle {
  /** Its edges in order: the child of each is the parent of the next, the last leads back. */
  readonly edges: readonly PlacedEdge[];
  /** First instant at which all of them hold, ms. */
  readonly at: number;
}

/** Beginnings of edges at which circles are looked for, and circles that are told: more than a person reads. */
const mostInstants = 50;
const mostCircles = 20;

const keyOf = (type: string, name: string): string => `${type}\n${name}`;

/**
 * Circles, each told once. Edges that no instant has in common make none.
 * @param edges at least those between elements that have both parents and children: no other can be part of a circle
 * @example circlesOf([]) // []
 */
export function circlesOf(edges: readonly PlacedEdge[]): readonly Circle[] {
  const inner = withoutEnds(edges);
  const instants = [...new Set(inner.map(({ from }) => from))].sort((a, b) => a - b).slice(-mostInstants);
  const found = new Map<string, Circle>();
  for (const at of instants) {
    for (const circle of circlesAt(
      inner.filter(({ from, to }) => from <= at && at < to),
      at,
    )) {
      const name = circle.edges
        .map(({ parent_type, parent }) => elementText(parent_type, parent))
        .sort()
        .join(', ');
      if (!found.has(name)) found.set(name, circle);
      if (found.size >= mostCircles) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** Leaves out, again and again, edges at elements without parents or without children: what is left lies on circles or between them. */
function withoutEnds(edges: readonly PlacedEdge[]): readonly PlacedEdge[] {
  let left = edges;
  for (;;) {
    const parents = new Set(left.map(({ parent_type, parent }) => keyOf(parent_type, parent)));
    const children = new Set(left.map(({ child_type, child }) => keyOf(child_type, child)));
    const kept = left.filter(
      ({ parent_type, parent, child_type, child }) => children.has(keyOf(parent_type, parent)) && parents.has(keyOf(child_type, child)),
    );
    if (kept.length === left.length) return kept;
    left = kept;
  }
}

/** A walk in depth; an edge that leads to an element on the way closes a circle. */
function circlesAt(edges: readonly PlacedEdge[], at: number): readonly Circle[] {
  const below = new Map<string, PlacedEdge[]>();
  for (const edge of edges) {
    const key = keyOf(edge.parent_type, edge.parent);
    below.set(key, [...(below.get(key) ?? []), edge]);
  }
  const circles: Circle[] = [];
  const done = new Set<string>();
  for (const start of below.keys()) {
    if (done.has(start)) continue;
    const way: PlacedEdge[] = [];
    const onWay = new Map<string, number>([[start, 0]]);
    const next: number[] = [0];
    const names = [start];
    while (names.length > 0) {
      const name = names.at(-1)!;
      const edge = below.get(name)?.[next.at(-1)!];
      if (edge === undefined) {
        done.add(name);
        onWay.delete(name);
        names.pop();
        next.pop();
        way.pop();
        continue;
      }
      next[next.length - 1]! += 1;
      const child = keyOf(edge.child_type, edge.child);
      const since = onWay.get(child);
      if (since !== undefined) circles.push({ edges: [...way.slice(since), edge], at });
      else if (!done.has(child)) {
        onWay.set(child, names.length);
        names.push(child);
        next.push(0);
        way.push(edge);
      }
      if (circles.length >= mostCircles) return circles;
    }
  }
  return circles;
}
