/** Walks over the topology as it holds at an instant: level by level, each level by its key in the table, so that the whole is never read. */
import type { Store } from '../../sql/store.ts';

export interface Element {
  readonly type: string;
  readonly name: string;
}

export interface Asked {
  readonly store: Pick<Store, 'rows'>;
  readonly tenant: string;
}

/** Edge as it was walked. */
export interface Step {
  readonly parent: Element;
  readonly child: Element;
}

const deadline = { timeoutMs: 30_000 };
/** Names in one query: they travel in the address of a request. */
const namesAtOnce = 1_000;
/** Elements of one answer, and of a whole walk: an operator's region, and far from the memory of a process. */
export const mostElements = 500_000;
const mostLevels = 16;

/** @example elementKey({ type: 'pon', name: 'olt-1/3' }) // 'pon/olt-1/3' */
export const elementKey = ({ type, name }: Element): string => `${type}/${name}`;

/** Edges from elements of one type to their children. */
export async function childrenOf(
  { store, tenant }: Asked,
  type: string,
  elements: readonly string[],
  at: number,
  limit: number = mostElements,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (let start = 0; start < elements.length && steps.length < limit; start += namesAtOnce) {
    const params = { tenant, type, elements: elements.slice(start, start + namesAtOnce), at: new Date(at).toISOString(), limit };
    const rows = await store.rows<{ parent: string; type: string; name: string }>('topology-children', params, deadline);
    for (const row of rows) steps.push({ parent: { type, name: row.parent }, child: { type: row.type, name: row.name } });
  }
  return steps.slice(0, limit);
}

/** What is directly above an element. */
export async function parentsOf({ store, tenant }: Asked, { type, name }: Element, at: number, limit = 500): Promise<readonly Element[]> {
  return store.rows<{ type: string; name: string }>(
    'topology-parents',
    { tenant, type, element: name, at: new Date(at).toISOString(), limit },
    deadline,
  );
}

/**
 * Everything behind elements, themselves included, by type. Each element is visited once, so circles end by themselves.
 * @param levels steps down at most
 */
export async function behind(
  asked: Asked,
  roots: readonly Element[],
  at: number,
  levels: number = mostLevels,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  let size = 0;
  const add = ({ type, name }: Element): boolean => {
    const own = found.get(type) ?? new Set<string>();
    found.set(type, own);
    if (own.has(name) || size >= mostElements) return false;
    own.add(name);
    size += 1;
    return true;
  };
  let level = roots.filter(add);
  for (let depth = 0; depth < levels && level.length > 0; depth++) {
    const next: Element[] = [];
    for (const [type, names] of byType(level)) {
      if (type === 'customer') continue;
      for (const { child } of await childrenOf(asked, type, names, at)) if (add(child)) next.push(child);
    }
    level = next;
  }
  return found;
}

/** @example byType([{ type: 'pon', name: 'a' }]).get('pon') // ['a'] */
export function byType(elements: readonly Element[]): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, string[]>();
  for (const { type, name } of elements) {
    const own = types.get(type);
    if (own) own.push(name);
    else types.set(type, [name]);
  }
  return types;
}
