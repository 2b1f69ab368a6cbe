/** Stable keys: the same words give the same key in every process and every version. */

const encoder = new TextEncoder();
const twoTo32 = 2 ** 32;

/** A hash of 64 bits under way, in two halves: big integers take fifty times as long. */
interface Hash {
  high: number;
  low: number;
}

/** FNV-1a, 64 bits, over UTF-8 (Fowler, Noll, Vo): not for secrets. The prime is 2^40 + 0x1b3. */
function fnv1a(hash: Hash, text: string): void {
  let { high, low } = hash;
  for (const byte of encoder.encode(text)) {
    low = (low ^ byte) >>> 0;
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / twoTo32) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  hash.high = high;
  hash.low = low;
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
  const hash: Hash = { high: 0xcbf29ce4, low: 0x84222325 };
  fnv1a(hash, text);
  const first = hex(hash);
  fnv1a(hash, '/2');
  return first + hex(hash);
}

const hex = ({ high, low }: Hash): string => high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
