/**
 * One part of a detector: its series (every prefix of the dimensions), what they have learned, and what stands against them. A part is
 * given one closed bucket after the other, in order; everything it holds can be saved and put back.
 */
import { admit, newPersistence, type PersistenceState, persist, refused } from '../budget/index.ts';
import { createSeriesBank, type SeriesBank } from '../score/bank.ts';
import { scoreSettings } from '../score/settings.ts';
import { createTick, type Tick, type TickHint } from '../score/tick.ts';
import type { CommonMode } from '../statistics/common-mode.ts';
import { candidateOf, floorOf, unusualScore } from './candidate.ts';
import type { SeriesDefinition } from './definition.ts';
import { createNodes, type Nodes } from './nodes.ts';
import { addBucket, beginOnset, type Onset } from './onset.ts';

const dayMs = 86_400_000;
/** A series that brought nothing for this long is forgotten: it begins anew when it comes back. */
const forgetMs = 35 * dayMs;
/** Fewest attempts or carriers in a bucket from which a ratio or a mean is taken. */
export const fewestForRatio = 50;
/** Below this score a bucket near what the scorer expects is ordinary. */
const calmScore = 1;
/** Buckets over which the level that is held to be normal follows the scorer's; not while a bucket is unusual. */
const levelBuckets = 32;
const followEvery = 4;
/**
 * How uncertain a day is that resembles another: its difference by this share, the expectation by at least so much of it, and by so much where no such day was seen:
 * nothing was learned about a holiday of which a series has seen none.
 */
const dayError = 0.3;
const leastDayError = 0.2;
const unknownDayError = 0.5;
/** The loop needs every bucket's own evidence: repetition is held back by persistence, not by the scorer. */
const bankSettings = scoreSettings({ refractoryRows: 0 });

/** One closed bucket: values by row, the dimensions of the definition from coarse to fine, all columns of one length. */
export interface Bucket {
  /** Start, ms since 1970 UTC. */
  readonly time: number;
  readonly labels: readonly (readonly string[])[];
  readonly numerator: ArrayLike<number>;
  /** Not read for counts and sums. */
  readonly denominator: ArrayLike<number>;
}

export interface BucketOptions {
  /** What the calendar says of the day. */
  readonly hint?: TickHint;
  /** Whether a series is under maintenance: neither judged nor taught. */
  readonly held?: (node: number) => boolean;
  /** By how much the score limit of a series is moved by verdicts; positive = stricter. */
  readonly shift?: (node: number, direction: 'down' | 'up') => number;
}

/** The arrays of a part, one entry per node, with room to grow. */
export interface PartState {
  readonly nodes: Nodes;
  readonly bank: SeriesBank;
  readonly persistence: PersistenceState;
  /** Start of the first and the last bucket with anything, ms. */
  readonly firstSeen: Float64Array;
  readonly lastSeen: Float64Array;
  /** What time of day, weekday and slow level let expect of the last bucket, in the unit of the value: a drop under way moves it little. */
  readonly expected: Float64Array;
  /** Relative error of what is expected of a count; 0 where nothing is unusual, or it is no count. */
  readonly unsure: Float64Array;
  /** The level that is held to be normal: it follows the scorer's slow level, but not while something may be wrong. */
  readonly level: Float32Array;
  /** Buckets for which the level has been held. */
  readonly heldFor: Uint16Array;
  /** Events expected since the last one that came. */
  readonly missed: Float32Array;
  /** Of the last bucket: what was added up, and what it is judged by (NaN = a gap). */
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
  readonly value: Float64Array;
  /** What may become or is a finding, by node. */
  readonly onsets: Map<number, Onset>;
}

export interface Part {
  readonly definition: SeriesDefinition;
  /** First value of every series of the part, where it is fixed: the leg. */
  readonly fixed: string;
  readonly state: PartState;
  /** End of the last bucket; 0 = none yet. */
  judgedTo(): number;
  /** -log10 of the p beyond which a lone series is admitted, at the present number of series. */
  limit(): number;
  /** Judges the bucket and learns it. Buckets come in order; what is missing between two is a gap. */
  tick(bucket: Bucket, options?: BucketOptions): void;
  /** Passes over buckets that nothing is known of. */
  skipTo(time: number): void;
  /** Takes back an opening that others explain: the series has to pass again. */
  refuse(node: number): void;
}

interface Found {
  readonly node: number;
  readonly score: number;
  readonly direction: 'down' | 'up';
}

/** What a part is made anew from. */
export interface PartBeginning {
  readonly judgedTo: number;
  readonly state: PartState;
}

/** An empty state with room for so many series. */
export function newState(definition: SeriesDefinition, room = 64, keys: readonly string[] = []): PartState {
  const size = Math.max(room, keys.length);
  return {
    nodes: createNodes(definition.dimensions.length, definition.total || definition.dimensions.length === 1 ? 1 : 2, keys),
    bank: createSeriesBank(size, bankSettings),
    persistence: newPersistence(size),
    firstSeen: new Float64Array(size).fill(Number.NaN),
    lastSeen: new Float64Array(size).fill(Number.NaN),
    expected: new Float64Array(size).fill(Number.NaN),
    unsure: new Float64Array(size),
    level: new Float32Array(size).fill(Number.NaN),
    heldFor: new Uint16Array(size),
    missed: new Float32Array(size),
    numerator: new Float64Array(size),
    denominator: new Float64Array(size),
    value: new Float64Array(size),
    onsets: new Map(),
  };
}

/** The same state with more room. */
function grown(state: PartState, room: number): PartState {
  state.bank.grow(room);
  const wider = <A extends Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array>(
    array: A,
    make: (size: number) => A,
  ): A => {
    const next = make(room);
    next.set(array);
    return next;
  };
  const f64 = (array: Float64Array) => wider(array, (size) => new Float64Array(size).fill(Number.NaN));
  const { looks, quiet, open } = state.persistence;
  return {
    ...state,
    persistence: {
      looks: wider(looks, (size) => new Uint32Array(size)),
      quiet: wider(quiet, (size) => new Uint8Array(size)),
      open: wider(open, (size) => new Uint8Array(size)),
    },
    firstSeen: f64(state.firstSeen),
    lastSeen: f64(state.lastSeen),
    expected: f64(state.expected),
    unsure: f64(state.unsure),
    level: wider(state.level, (size) => new Float32Array(size).fill(Number.NaN)),
    heldFor: wider(state.heldFor, (size) => new Uint16Array(size)),
    missed: wider(state.missed, (size) => new Float32Array(size)),
    numerator: f64(state.numerator),
    denominator: f64(state.denominator),
    value: f64(state.value),
  };
}

export function createPart(definition: SeriesDefinition, fixed: string, beginning?: PartBeginning): Part {
  let state = beginning?.state ?? newState(definition);
  let judgedTo = beginning?.judgedTo ?? 0;
  const score: Tick = createTick(state.bank, bankSettings);
  const { signal } = definition.metric;
  const additive = signal === 'count' || signal === 'sum';
  const looksPerDay = dayMs / definition.bucketMs;
  const rule = definition.persistence;

  /** Adds the rows to their leaves, and those to everything above them. */
  const fill = ({ time, labels, numerator, denominator }: Bucket): void => {
    const rows = numerator.length;
    const leaves = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      leaves[row] = state.nodes.leafOf(labels, row);
      if (state.nodes.size > state.value.length) state = grown(state, 2 * state.nodes.size);
    }
    const { nodes, firstSeen, lastSeen } = state;
    state.numerator.fill(0, 0, nodes.size);
    state.denominator.fill(0, 0, nodes.size);
    for (let row = 0; row < rows; row++) {
      const leaf = leaves[row]!;
      state.numerator[leaf]! += numerator[row]!;
      if (!additive) state.denominator[leaf]! += denominator[row]!;
    }
    for (let row = 0; row < rows; row++) {
      for (let node = leaves[row]!; node >= 0 && lastSeen[node] !== time; node = nodes.parent[node]!) {
        if (Number.isNaN(firstSeen[node]!)) firstSeen[node] = time;
        lastSeen[node] = time;
      }
    }
    for (let node = nodes.size - 1; node >= 0; node--) {
      const above = nodes.parent[node]!;
      if (above < 0) continue;
      state.numerator[above]! += state.numerator[node]!;
      if (!additive) state.denominator[above]! += state.denominator[node]!;
    }
  };

  const measureOf = (node: number, time: number): number => {
    if (time - state.lastSeen[node]! > forgetMs) return Number.NaN;
    const carriers = additive ? 1 : state.denominator[node]!;
    const measure = state.numerator[node]! / carriers;
    // A sum that has run over says nothing.
    return (additive || carriers >= fewestForRatio) && Number.isFinite(measure) ? measure : Number.NaN;
  };

  const values = (time: number, held: BucketOptions['held']): void => {
    const { nodes, value, lastSeen, firstSeen, level, heldFor, missed, bank } = state;
    for (let node = 0; node < nodes.size; node++) {
      const dead = time - lastSeen[node]! > forgetMs;
      if (dead && !Number.isNaN(firstSeen[node]!)) {
        bank.forget(node);
        clear(node);
        firstSeen[node] = level[node] = Number.NaN;
        heldFor[node] = missed[node] = 0;
      }
      value[node] = dead || held?.(node) ? Number.NaN : measureOf(node, time);
    }
  };

  /** The level that is held, or the scorer's own where none is yet. */
  const levelOf = (node: number): number => {
    const level = state.level[node]!;
    return Number.isNaN(level) ? state.bank.level(node) : level;
  };

  /**
   * The level follows the scorer's, slowly; while a bucket is unusual it is held, for a day at most: then the new level is the normal one. Each
   * series takes its turn every fourth bucket: the scorer's level lies far apart in memory.
   */
  const follow = (node: number, score: number): void => {
    const { bank, level, heldFor, onsets } = state;
    const unusual = score >= unusualScore || onsets.has(node);
    if (unusual && heldFor[node]! < looksPerDay) {
      heldFor[node]! += followEvery;
      return;
    }
    if (!unusual) heldFor[node] = 0;
    const before = levelOf(node);
    level[node] = before + ((bank.level(node) - before) * followEvery) / levelBuckets;
  };

  /**
   * How far that may be off, as a share of it: a day that is like another one is a guess by as much as it differs. An ordinary day is none: what a partner
   * scatters there has its place in the scorer, and counted twice it hid half of a small partner's calls for hours.
   */
  const unsureOf = (node: number, at: number, { likeDay, share }: CommonMode): number => {
    const { bank } = state;
    if (likeDay === 0) return 0;
    const day = share * bank.dayDifference(node, at, likeDay);
    const usual = bank.usual(node, at, levelOf(node));
    const byDay = Math.abs(day) / Math.max(Math.abs(usual + day), Math.abs(usual) / 5);
    return Math.hypot(
      bank.unsure(node, at, likeDay),
      Math.max(leastDayError, Number.isNaN(byDay) ? unknownDayError : 2 * dayError * byDay),
    );
  };

  /** What time of day, weekday and the held level let expect, with what all peers do. */
  const usualOf = (node: number, at: number, { likeDay, share, shift }: CommonMode): number => {
    const { bank } = state;
    const usual = bank.usual(node, at, levelOf(node));
    if (Number.isNaN(usual)) return bank.expected[node]!;
    const day = likeDay > 0 && share > 0 ? share * bank.dayDifference(node, at, likeDay) : 0;
    return bank.inValues(node, usual + (Number.isNaN(day) ? 0 : day) + shift * Math.abs(usual));
  };

  /**
   * Scores level by level: series of one level are peers. What all of them do is no series' fault, so it is expected. Where a bucket is near
   * what the scorer expects and nothing stands against the series, that is taken for the usual: most series of most buckets, at a fraction of the cost.
   */
  const push = (time: number, hint: TickHint | undefined): void => {
    const { nodes, value, expected, unsure, onsets } = state;
    const at = time / 1000;
    const turn = time / definition.bucketMs;
    for (const level of nodes.levels) {
      if (level.length === 0) continue;
      const own = new Float64Array(level.length);
      for (let i = 0; i < level.length; i++) own[i] = value[level[i]!]!;
      const common = score(at, level, own, hint);
      const found = state.bank.expected;
      const scores = state.bank.score;
      for (let i = 0; i < level.length; i++) {
        const node = level[i]!;
        const near =
          scores[node]! < calmScore &&
          Math.abs(own[i]! - found[node]!) < floorOf(definition, found[node]!) / 2 &&
          (onsets.size === 0 || !onsets.has(node));
        expected[node] = near ? found[node]! : usualOf(node, at, common);
        unsure[node] = near || signal !== 'count' ? 0 : unsureOf(node, at, common);
        if ((turn + node) % followEvery === 0 && !Number.isNaN(own[i]!)) follow(node, scores[node]!);
      }
    }
  };

  const limitP = (): number => {
    const { perDay, per1000SeriesDays } = definition.budget;
    const series = Math.max(1, state.nodes.size);
    return Math.min(1, Math.min(perDay / series, per1000SeriesDays / 1000) / looksPerDay);
  };

  /** Candidates that pass the budget, by node. */
  const admittedOf = (found: readonly Found[], shift: BucketOptions['shift']): ReadonlyMap<number, Found> => {
    if (found.length === 0) return new Map();
    const { nodes } = state;
    const p = Float64Array.from(found, ({ node, score, direction }) => 10 ** -(score - (shift?.(node, direction) ?? 0)));
    const group = Int32Array.from(found, ({ node }) => nodes.parent[node]!);
    const admitted = admit({ p, group }, { limit: limitP(), tests: nodes.size });
    return new Map(found.filter((_, i) => admitted[i] !== refused).map((each) => [each.node, each]));
  };

  /** Books the look at every series: admitted, between, quiet or missing. What follows one unusual bucket after the other began at the first. */
  const book = (time: number, shift: BucketOptions['shift']): void => {
    const { nodes, persistence, onsets, value } = state;
    const found: Found[] = [];
    const calm = new Uint8Array(nodes.size);
    const unusual = new Map<number, 'down' | 'up'>();
    for (let node = 0; node < nodes.size; node++) {
      const look = candidateOf(definition, state, node, time);
      if (look.kind === 'quiet') calm[node] = 1;
      else if (look.kind !== 'between') unusual.set(node, look.direction);
      if (look.kind === 'candidate') found.push({ node, score: look.score, direction: look.direction });
    }
    const passed = admittedOf(found, shift);
    for (const node of new Set([...onsets.keys(), ...unusual.keys()])) {
      const hit = passed.get(node);
      const direction = unusual.get(node);
      const before = onsets.get(node);
      if (direction !== undefined && before && before.direction !== direction && (hit || persistence.open[node] === 0)) clear(node);
      const missing = Number.isNaN(value[node]!);
      if (direction !== undefined && !onsets.has(node)) onsets.set(node, beginOnset(time, direction));
      const step = persist(persistence, node, missing ? 'missing' : hit ? 'admitted' : calm[node] ? 'quiet' : 'between', rule);
      const onset = onsets.get(node);
      if (onset && !missing) addBucket(onset, state, node, time, definition, hit?.score ?? 0);
      const waiting = persistence.looks[node] !== 0 || direction !== undefined || missing;
      if (step === 'cleared' || (persistence.open[node] === 0 && !waiting)) clear(node);
    }
  };

  /** Nothing stands against the series, and nothing is remembered of it. */
  const clear = (node: number): void => {
    const { persistence, onsets } = state;
    persistence.open[node] = 0;
    persistence.looks[node] = 0;
    persistence.quiet[node] = 0;
    onsets.delete(node);
  };

  return {
    definition,
    fixed,
    get state() {
      return state;
    },
    judgedTo: () => judgedTo,
    limit: () => -Math.log10(limitP()),
    tick(bucket, options = {}) {
      fill(bucket);
      values(bucket.time, options.held);
      push(bucket.time, options.hint);
      const { nodes, expected, missed, numerator, value } = state;
      if (signal === 'count') {
        for (let node = 0; node < nodes.size; node++) {
          if (Number.isNaN(value[node]!)) continue;
          missed[node] = numerator[node]! > 0 || !(expected[node]! > 0) ? 0 : missed[node]! + expected[node]!;
        }
      }
      book(bucket.time, options.shift);
      judgedTo = bucket.time + definition.bucketMs;
    },
    skipTo(time) {
      judgedTo = Math.max(judgedTo, time);
    },
    refuse: clear,
  };
}
