/** Numeric patterns in pairs that differ: a clock that is off, durations rounded up, another unit, a fee that one side leaves out. */

/** What the two sides of a pair state; times in ms, volumes in octets, charges in micro-units. */
export interface Measures {
  readonly start: number;
  readonly ms: number;
  readonly octets: number;
  readonly charge: number;
}

/** A pair whose sides differ beyond a tolerance. */
export interface DifferingPair {
  readonly a: Measures;
  readonly b: Measures;
  /** Measures that differ beyond their tolerance. */
  readonly differs: readonly (keyof Measures)[];
}

/** `value`: ms for start_offset and duration, octets, micro-units; the increment in seconds for rounding; B / A for ratio. */
export interface Pattern {
  readonly pattern: 'start_offset' | 'rounding' | 'ratio' | 'difference';
  readonly measure: keyof Measures;
  readonly value: number;
  readonly text: string;
  readonly holds: (pair: DifferingPair) => boolean;
}

/** Fewest pairs that make a pattern. */
const fewest = 10;
/** Share of the pairs that differ in a measure which must follow the pattern. */
const leastShare = 0.2;
/** Distinct values of A that must be seen: what differs once differs by anything. */
const fewestValues = 3;
/** How exactly a ratio holds: two parts in a thousand. */
const ratioWidth = 0.002;
const quarterHourMs = 900_000;
/** Clocks that drift apart still show one offset within this. */
const offsetWidthMs = 2_000;

/** Minimum and increment in seconds, as partners agree them. */
const increments: readonly (readonly [number, number])[] = [
  [6, 6],
  [10, 10],
  [12, 12],
  [15, 15],
  [20, 20],
  [30, 1],
  [30, 6],
  [30, 30],
  [60, 1],
  [60, 6],
  [60, 10],
  [60, 30],
  [60, 60],
];

/**
 * Charged ms of a duration: at least the minimum, then whole increments.
 * @example roundedUp(61_000, 60, 60) // 120000
 */
export function roundedUp(ms: number, minimum: number, increment: number): number {
  if (ms <= 0) return 0;
  return Math.max(minimum, Math.ceil(ms / 1000 / increment - 1e-9) * increment) * 1000;
}

const words: Readonly<Record<keyof Measures, string>> = { start: 'start', ms: 'duration', octets: 'volume', charge: 'charge' };

/** Units that are mixed up, as B / A. */
const knownRatios: readonly (readonly [number, string])[] = [
  [1.024, '1024 counted as 1000'],
  [1 / 1.024, '1000 counted as 1024'],
  [1.048576, 'MiB counted as MB'],
  [1 / 1.048576, 'MB counted as MiB'],
  [1.073741824, 'GiB counted as GB'],
  [1 / 1.073741824, 'GB counted as GiB'],
  [8, 'octets counted as bits'],
  [1 / 8, 'bits counted as octets'],
  [60, 'seconds counted as minutes'],
  [1 / 60, 'minutes counted as seconds'],
  [1000, 'a factor of thousand'],
  [1 / 1000, 'a factor of thousand'],
];

const plain = (value: number): string => `${Number(value.toPrecision(6))}`;

function secondsText(ms: number): string {
  return `${plain(Math.abs(ms) / 1000)} s`;
}

/** The value that most of a list lies nearest to, by counting in bins of a width and in bins shifted by half of it. */
function modeOf(values: readonly number[], width: number): number {
  let best = { count: 0, sum: 0 };
  for (const shift of [0, 0.5]) {
    const bins = new Map<number, { count: number; sum: number }>();
    for (const value of values) {
      const at = Math.floor(value / width + shift);
      const bin = bins.get(at) ?? { count: 0, sum: 0 };
      bin.count++;
      bin.sum += value;
      bins.set(at, bin);
    }
    for (const bin of bins.values()) if (bin.count > best.count) best = bin;
  }
  return best.count === 0 ? Number.NaN : best.sum / best.count;
}

function offsetPattern(pairs: readonly DifferingPair[]): Pattern | undefined {
  const mode = modeOf(
    pairs.map(({ a, b }) => b.start - a.start),
    offsetWidthMs,
  );
  if (!Number.isFinite(mode)) return undefined;
  const quarter = Math.round(mode / quarterHourMs) * quarterHourMs;
  const zone = quarter !== 0 && Math.abs(mode - quarter) <= offsetWidthMs;
  const value = zone ? quarter : Math.round(mode / 1000) * 1000;
  return {
    pattern: 'start_offset',
    measure: 'start',
    value,
    text: `the clock of B is ${secondsText(value)} ${value > 0 ? 'ahead' : 'behind'}${zone ? ': a time zone or daylight saving' : ''}`,
    holds: ({ a, b, differs }) => differs.includes('start') && Math.abs(b.start - a.start - mode) <= offsetWidthMs,
  };
}

function roundingPatterns(): readonly Pattern[] {
  return increments.flatMap(([minimum, increment]) =>
    (['b', 'a'] as const).map((by): Pattern => {
      const other = by === 'b' ? 'a' : 'b';
      return {
        pattern: 'rounding',
        measure: 'ms',
        value: increment,
        text: `${by.toUpperCase()} rounds durations up ${minimum}/${increment}`,
        // Systems cut or round to the second first: the same second more or less is the same pattern only where it changes no step.
        holds: (pair) => pair.differs.includes('ms') && Math.abs(roundedUp(pair[other].ms, minimum, increment) - pair[by].ms) < 500,
      };
    }),
  );
}

function ratioPattern(measure: 'ms' | 'octets' | 'charge', pairs: readonly DifferingPair[]): Pattern | undefined {
  const logs = pairs.flatMap(({ a, b }) => (a[measure] > 0 && b[measure] > 0 ? [Math.log(b[measure] / a[measure])] : []));
  const mode = modeOf(logs, ratioWidth);
  if (!Number.isFinite(mode) || Math.abs(mode) < ratioWidth) return undefined;
  const measured = Math.exp(mode);
  const known = knownRatios.find(([ratio]) => Math.abs(Math.log(ratio) - mode) < ratioWidth);
  const value = known ? known[0] : Number(measured.toPrecision(3));
  return {
    pattern: 'ratio',
    measure,
    value,
    text: `the ${words[measure]} of B is ${plain(value)} times that of A${known ? `: ${known[1]}` : ''}`,
    holds: ({ a, b, differs }) =>
      differs.includes(measure) && a[measure] > 0 && b[measure] > 0 && Math.abs(Math.log(b[measure] / a[measure]) - mode) <= ratioWidth,
  };
}

function differencePattern(measure: 'ms' | 'octets' | 'charge', pairs: readonly DifferingPair[]): Pattern | undefined {
  const width = measure === 'ms' ? 100 : 1;
  const mode = modeOf(
    pairs.map(({ a, b }) => b[measure] - a[measure]),
    width,
  );
  if (!Number.isFinite(mode) || mode === 0) return undefined;
  const value = Math.round(mode);
  const amount = measure === 'ms' ? secondsText(value) : measure === 'charge' ? plain(Math.abs(value) / 1e6) : `${Math.abs(value)} octets`;
  return {
    pattern: 'difference',
    measure,
    value,
    text: `the ${words[measure]} of B is always ${amount} ${value > 0 ? 'more' : 'less'}`,
    holds: ({ a, b, differs }) => differs.includes(measure) && Math.abs(b[measure] - a[measure] - value) <= width,
  };
}

function candidatesOf(pairs: readonly DifferingPair[]): readonly Pattern[] {
  const off = (measure: keyof Measures) => pairs.filter(({ differs }) => differs.includes(measure));
  const measures = ['ms', 'octets', 'charge'] as const;
  return [
    offsetPattern(off('start')),
    ...(off('ms').length > 0 ? roundingPatterns() : []),
    ...measures.flatMap((measure) => [ratioPattern(measure, off(measure)), differencePattern(measure, off(measure))]),
  ].filter((pattern) => pattern !== undefined);
}

/** Pairs that follow a pattern, if they are enough to call it one. */
function following(pattern: Pattern, pairs: readonly DifferingPair[]): number {
  const differing = pairs.filter(({ differs }) => differs.includes(pattern.measure));
  const held = differing.filter(pattern.holds);
  const values = new Set(held.map(({ a }) => (pattern.pattern === 'start_offset' ? a.start : a[pattern.measure])));
  return held.length >= fewest && held.length >= leastShare * differing.length && values.size >= fewestValues ? held.length : 0;
}

/**
 * The patterns of pairs that differ, the one that most pairs follow first, each found among what the ones before it leave. At most
 * `most`; none where fewer than ten pairs, or less than a fifth of those that differ in a measure, agree on anything. Where two
 * patterns hold for equally many the first of this order counts: offset, rounding (small increments first), ratio, difference.
 * @example
 * const pairs = [10, 70, 130, 200, 250, 310, 400, 500, 600, 650].map((s) => ({
 *   a: { start: 0, ms: s * 1000, octets: 0, charge: 0 },
 *   b: { start: 0, ms: Math.ceil(s / 60) * 60_000, octets: 0, charge: 0 },
 *   differs: ['ms'] as const,
 * }));
 * patternsOf(pairs).map(({ text }) => text) // ['B rounds durations up 60/60']
 */
export function patternsOf(pairs: readonly DifferingPair[], most = 6): readonly Pattern[] {
  const found: Pattern[] = [];
  let left = pairs;
  while (found.length < most && left.length >= fewest) {
    let best: { readonly pattern: Pattern; readonly held: number } | undefined;
    for (const pattern of candidatesOf(left)) {
      const held = following(pattern, left);
      if (held > (best?.held ?? 0)) best = { pattern, held };
    }
    if (!best) break;
    const { pattern } = best;
    found.push(pattern);
    left = left.filter((pair) => !pattern.holds(pair));
  }
  return found;
}
