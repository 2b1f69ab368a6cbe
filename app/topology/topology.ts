/** The topology as it is asked for: an element with its parents, its children and the customers behind it, as of an instant. */
import { WeirError } from '../../core/errors.ts';
import { customersBehind } from './customers.ts';
import { type Asked, behind, byType, childrenOf, type Element, elementKey, parentsOf, type Step } from './walk.ts';

export interface NearElement extends Element {
  /** Elements directly behind it. */
  readonly children: number;
}

export interface ElementView extends Element {
  /** ISO 8601. */
  readonly at: string;
  readonly parents: readonly NearElement[];
  readonly children: readonly NearElement[];
  /** Elements behind it by type, without itself. */
  readonly behind: Readonly<Record<string, number>>;
  readonly customers: Awaited<ReturnType<typeof customersBehind>>;
}

/**
 * The type of an element by its name, where only one type has one of this name.
 * @throws WeirError not_found when no element has it, usage when several types have
 */
export async function elementNamed({ store, tenant }: Asked, name: string, type = ''): Promise<Element> {
  const known = await store.rows<{ type: string }>('topology-types', { tenant, element: name }, { timeoutMs: 30_000 });
  const types = known.map((row) => row.type);
  if (type !== '' && types.includes(type)) return { type, name };
  if (types.length === 0 || type !== '')
    throw new WeirError('not_found', `The topology knows no ${type === '' ? 'element' : type} ${name}.`, {
      hint: types.length > 0 ? `It is known as ${types.join(', ')}.` : 'Which types there are: npx weir topology.',
    });
  if (types.length > 1)
    throw new WeirError('usage', `Several elements are called ${name}: ${types.join(', ')}.`, { hint: 'Say which with the type.' });
  return { type: types[0]!, name };
}

/** An element as of an instant. @param limit most parents, and most children */
export async function elementView(
  asked: Asked,
  element: Element,
  { at, limit, vipSegments }: { readonly at: number; readonly limit: number; readonly vipSegments: readonly string[] },
): Promise<ElementView> {
  const { type, name } = element;
  const parents = await parentsOf(asked, element, at, limit);
  const children = (await childrenOf(asked, type, [name], at, limit)).map(({ child }) => child);
  const counts = new Map<string, number>();
  for (const [kind, names] of byType([...parents, ...children])) {
    if (kind === 'customer') continue;
    for (const { parent } of await childrenOf(asked, kind, names, at)) {
      const key = elementKey(parent);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const near = (each: Element): NearElement => ({ ...each, children: counts.get(elementKey(each)) ?? 0 });
  const below = await behind(asked, [element], at);
  return {
    type,
    name,
    at: new Date(at).toISOString(),
    parents: parents.map(near),
    children: children.map(near),
    behind: Object.fromEntries(
      [...below].map(([kind, names]) => [kind, names.size - (names.has(name) && kind === type ? 1 : 0)] as const).filter(([, n]) => n > 0),
    ),
    customers: await customersBehind(asked, type, [name], at, vipSegments),
  };
}

/** Edges around an element without customers, at most `limit`, the nearest first. @param depth steps above and below */
export async function elementGraph(
  asked: Asked,
  element: Element,
  { at, depth, limit }: { readonly at: number; readonly depth: number; readonly limit: number },
): Promise<readonly Step[]> {
  const steps = new Map<string, Step>();
  const seen = new Set([elementKey(element)]);
  let [up, down]: readonly [readonly Element[], readonly Element[]] = [[element], [element]];
  const add = (step: Step, other: Element, into: Element[]): void => {
    if (other.type === 'customer' || steps.size >= limit) return;
    steps.set(`${elementKey(step.parent)}>${elementKey(step.child)}`, step);
    if (seen.has(elementKey(other))) return;
    seen.add(elementKey(other));
    into.push(other);
  };
  for (let level = 0; level < depth && steps.size < limit && up.length + down.length > 0; level++) {
    const [above, below]: readonly [Element[], Element[]] = [[], []];
    for (const child of up) for (const parent of await parentsOf(asked, child, at, limit)) add({ parent, child }, parent, above);
    for (const [type, names] of byType(down))
      for (const step of await childrenOf(asked, type, names, at, limit)) add(step, step.child, below);
    [up, down] = [above, below];
  }
  return [...steps.values()];
}
