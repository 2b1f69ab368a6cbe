/** Stable keys: the same words give the same key in every process and every version. */

const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;
const mask = (1n << 64n) - 1n;
const encoder = new TextEncoder();

/** FNV-1a, 64 bits, over UTF-8 (Fowler, Noll, Vo): not for secrets, and slow enough to be kept off the record path. */
function fnv1a(text: string): bigint {
  let hash = offset;
  for (const byte of encoder.encode(text)) hash = ((hash ^ BigInt(byte)) * prime) & mask;
  return hash;
}

/**
 * Labels in a form that does not depend on their order.
 * @example labelsText({ source: 'msc', leg: 'switch' }) // '{"leg":"switch","source":"msc"}'
 */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
}

/**
 * The key of a finding: what is judged and where, never when. 32 hexadecimal digits.
 * @example findingKey('demo', 'S01', 'missing_files', { source: 'msc' }) // '91e993406fd4d820f8be642554c9993d'
 */
export function findingKey(tenant: string, detector: string, metric: string, scope: Readonly<Record<string, string>>): string {
  const text = JSON.stringify([tenant, detector, metric, labelsText(scope)]);
  return `${hex(fnv1a(text))}${hex(fnv1a(`${text}/2`))}`;
}

function hex(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}
