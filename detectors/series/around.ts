/** The usage around a series: what its nodes bring of everything else, and which dimensions explain what happened. */
import type { Explanation } from '../../core/finding.ts';
import { type Cells, explain } from '../explain/index.ts';
import type { Signal } from './metrics.ts';
import type { Standing } from './standing.ts';

/** Dimensions of a cell, as the query `series-cells` gives them. */
export const cellDimensions = [
  'service',
  'partner',
  'direction',
  'node',
  'route',
  'cell',
  'apn',
  'rat',
  'plan',
  'zone',
  'segment',
] as const;

/** Columns of one length: the labels of each cell, what it has in the stretch, and the mean of the same stretch in earlier weeks. */
export interface UsageCells {
  readonly labels: Readonly<Record<(typeof cellDimensions)[number], readonly string[]>>;
  readonly nowUp: readonly number[];
  readonly nowDown: readonly number[];
  readonly usualUp: readonly number[];
  readonly usualDown: readonly number[];
}

/** Usual records of the others on a node below which they say nothing about it. */
const fewestOthers = 20;
/** Nodes that move are to blame only while they are the smaller part of the series. */
const largestPart = 0.6;

interface Brought {
  now: number;
  usual: number;
}

function add(sums: Map<string, Brought>, key: string, now: number, usual: number): void {
  const sum = sums.get(key);
  if (sum) {
    sum.now += now;
    sum.usual += usual;
  } else sums.set(key, { now, usual });
}

function indexesIn(cells: UsageCells, scope: Readonly<Record<string, string>>): readonly number[] {
  const wanted = cellDimensions.filter((dimension) => scope[dimension] !== undefined);
  const indexes: number[] = [];
  for (let i = 0; i < cells.nowUp.length; i++) {
    if (wanted.every((dimension) => cells.labels[dimension][i] === scope[dimension])) indexes.push(i);
  }
  return indexes;
}

/** now / usual, but 1 where that is within three deviations of chance. */
function levelOf({ now, usual }: Brought): number {
  if (usual <= 0) return 1;
  const level = now / usual;
  return Math.abs(level - 1) * Math.sqrt(usual) < 3 ? 1 : level;
}

/**
 * How much of the usual the nodes of a series let expect, 1 = all: a node that brings less of everything else, or nothing at all, or one of
 * several that fell alone, is the node's matter and not that of the series.
 * @param scope labels of the series
 * @param dataGap data of the leg is known to be missing: a node that fell is to blame even when the series is all that it brings
 */
export function levelAround(cells: UsageCells, scope: Readonly<Record<string, string>>, dataGap = false): number {
  const all = new Map<string, Brought>();
  const own = new Map<string, Brought>();
  for (let i = 0; i < cells.nowUp.length; i++) add(all, cells.labels.node[i]!, cells.nowUp[i]!, cells.usualUp[i]!);
  for (const i of indexesIn(cells, scope)) add(own, cells.labels.node[i]!, cells.nowUp[i]!, cells.usualUp[i]!);
  let usual = 0;
  let moved = 0;
  const levels: { level: number; weight: number; itself: boolean }[] = [];
  for (const [node, mine] of own) {
    const whole = all.get(node)!;
    const others = { now: whole.now - mine.now, usual: whole.usual - mine.usual };
    const itself = others.usual < fewestOthers;
    const level = levelOf(itself ? mine : others);
    levels.push({ level, weight: mine.usual, itself });
    usual += mine.usual;
    if (itself && level !== 1) moved += mine.usual;
  }
  if (usual === 0) return 1;
  return levels.reduce((sum, { level, weight, itself }) => {
    const counts = dataGap || !itself || level === 0 || (own.size > 1 && moved < largestPart * usual);
    return sum + (weight / usual) * (counts ? level : 1);
  }, 0);
}

/**
 * The values that explain a standing, largest share first; empty where none is more likely than chance, or all moved alike.
 */
export function explanationOf(
  cells: UsageCells,
  scope: Readonly<Record<string, string>>,
  signal: Signal,
  { onset }: Pick<Standing, 'onset'>,
): readonly Explanation[] {
  const indexes = indexesIn(cells, scope);
  const ratio = signal === 'ratio' || signal === 'mean';
  const usual = indexes.reduce((sum, i) => sum + usualOf(cells, i, ratio), 0);
  if (usual <= 0 || onset.expected <= 0) return [];
  const scale = onset.expected / usual;
  const dimensions = cellDimensions
    .filter((dimension) => scope[dimension] === undefined)
    .map((dimension) => codesOf(dimension, cells.labels[dimension], indexes))
    .filter(({ values }) => values.length > 1);
  if (dimensions.length === 0) return [];
  const coded: Cells = {
    dimensions,
    observed: Float64Array.from(indexes, (i) => cells.nowUp[i]!),
    expected: Float64Array.from(indexes, (i) => usualOf(cells, i, ratio) * scale),
    ...(signal === 'ratio' ? { trials: Float64Array.from(indexes, (i) => cells.nowDown[i]!) } : {}),
  };
  return explain(coded, { direction: onset.direction }).explanations;
}

/** What a cell lets expect: of a ratio or a mean, its usual rate at its present number of carriers. */
function usualOf(cells: UsageCells, i: number, ratio: boolean): number {
  if (!ratio) return cells.usualUp[i]!;
  const carriers = cells.usualDown[i]!;
  return carriers > 0 ? (cells.usualUp[i]! / carriers) * cells.nowDown[i]! : 0;
}

function codesOf(name: string, labels: readonly string[], indexes: readonly number[]) {
  const values: string[] = [];
  const known = new Map<string, number>();
  const codes = Int32Array.from(indexes, (i) => {
    const value = labels[i]!;
    const code = known.get(value) ?? values.push(value) - 1;
    known.set(value, code);
    return code;
  });
  return { name, values, codes };
}

/** Whether a cell passes a place. A route is one place, whosever calls pass it; calls that come in have none, and are of the partner behind it. */
function passes({ labels }: UsageCells, i: number, place: Readonly<Record<string, string>>): boolean {
  const { route, ...rest } = place;
  if (route !== undefined && labels.route[i] !== '') return labels.route[i] === route;
  const names = cellDimensions.filter((name) => rest[name] !== undefined);
  return names.length > 0 && names.every((name) => labels[name][i] === rest[name]);
}

/**
 * By how much places within a series differ from what is usual for them, in the figures of the onset: below 0 they lack. Of a ratio the usual share at their present
 * attempts; of counts and sums what the earlier weeks had, scaled as the whole series is.
 * @param places labels of cells, each place a set of them; what belongs to several counts once
 */
export function placeGap(
  cells: UsageCells,
  scope: Readonly<Record<string, string>>,
  places: readonly Readonly<Record<string, string>>[],
  signal: Signal,
  { onset }: Pick<Standing, 'onset'>,
): number {
  const own = indexesIn(cells, scope);
  const at = own.filter((i) => places.some((place) => passes(cells, i, place)));
  const sum = (of: readonly number[], indexes: readonly number[]): number => indexes.reduce((total, i) => total + of[i]!, 0);
  if (signal === 'count' || signal === 'sum') {
    const usual = sum(cells.usualUp, own);
    return usual > 0 ? sum(cells.nowUp, at) - (sum(cells.usualUp, at) * onset.expected) / usual : 0;
  }
  const carriers = sum(cells.usualDown, at);
  const rate = carriers > 0 ? sum(cells.usualUp, at) / carriers : onset.expected / Math.max(onset.carriers, 1e-9);
  return sum(cells.nowUp, at) - rate * sum(cells.nowDown, at);
}
