/** How the detectors over series stand, in figures for metrics: sizes, blindness, and the largest series with what each would show. */
import { findingKey } from '../../../core/key.ts';
import { labelsOf, type Part, visibleDropOf } from '../../../detectors/series/index.ts';
import type { PartReport } from './engine.ts';

/** Series that are named one by one in the metrics, of each detector. */
export const namedSeries = 200;

/** Dimensions whose values may stand for one customer or one person; series cut by them are named by their key. */
const personal: ReadonlySet<string> = new Set(['device', 'actor']);
const longestLabel = 120;

export interface NamedDrop {
  /** Dimension values for a label, or the key. */
  readonly series: string;
  /** Events or units expected in an hour. */
  readonly volume: number;
  /** Smallest drop seen within an hour, a share; 1 stands for a full stop and for what is blind. */
  readonly drop: number;
}

export interface DetectorFigures {
  readonly series: number;
  readonly open: number;
  /** Series that expect something, and would not show even a full stop. */
  readonly blind: number;
  /** Event time not judged yet although it is complete, of the part that is furthest behind, in seconds. */
  readonly lagSeconds: number;
  /** Smallest drops of the series that are not blind, shares. */
  readonly drops: readonly number[];
  /** The largest, by expected volume. */
  readonly named: readonly NamedDrop[];
}

/**
 * A label value without control characters, quotes or backslashes, at most 120 characters.
 * @example labelText('leg=switch,partner="x\ny"') // 'leg=switch,partner=_x_y_'
 */
export function labelText(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .:;,=@+/()_-]/gu, '_').slice(0, longestLabel);
}

function nameOf(part: Part, node: number, tenant: string): string {
  const { definition } = part;
  const labels = labelsOf(part, node);
  if (Object.keys(labels).some((dimension) => personal.has(dimension)))
    return findingKey(tenant, definition.identity, definition.metric.name, labels);
  return labelText(
    Object.entries(labels)
      .map(([dimension, value]) => `${dimension}=${value}`)
      .join(','),
  );
}

interface Large {
  readonly part: Part;
  readonly node: number;
  readonly volume: number;
  readonly drop: number | null;
}

/** Figures by detector. Linear in the number of series: ask at most once a minute. */
export function standingFigures(parts: readonly PartReport[], tenant: string): ReadonlyMap<string, DetectorFigures> {
  const byDetector = new Map<string, PartReport[]>();
  for (const part of parts) byDetector.set(part.detector, [...(byDetector.get(part.detector) ?? []), part]);
  return new Map([...byDetector].map(([detector, own]) => [detector, figuresOf(own, tenant)]));
}

function figuresOf(reports: readonly PartReport[], tenant: string): DetectorFigures {
  let series = 0;
  let open = 0;
  let blind = 0;
  const drops: number[] = [];
  let large: Large[] = [];
  for (const { part } of reports) {
    const { nodes, bank, persistence, firstSeen } = part.state;
    const limit = part.limit();
    const perHour = 3_600_000 / part.definition.bucketMs;
    for (let node = 0; node < nodes.size; node++) {
      if (Number.isNaN(firstSeen[node]!)) continue;
      series++;
      open += persistence.open[node]!;
      const expected = bank.expected[node]!;
      if (!(expected > 0)) continue;
      const drop = visibleDropOf(part, node, limit);
      if (drop === null) blind++;
      else drops.push(drop);
      large.push({ part, node, volume: expected * perHour, drop });
    }
    if (large.length > namedSeries) large = large.sort((a, b) => b.volume - a.volume).slice(0, namedSeries);
  }
  return {
    series,
    open,
    blind,
    lagSeconds: reports.reduce((most, { behindMs }) => Math.max(most, behindMs), 0) / 1000,
    drops,
    named: large.map(({ part, node, volume, drop }) => ({ series: nameOf(part, node, tenant), volume, drop: drop ?? 1 })),
  };
}

/** Counts how often parts went back because of late data: a part that was there before is another one now. */
export function createReplayCounter(): (parts: readonly PartReport[]) => ReadonlyMap<string, number> {
  let known: ReadonlyMap<string, Part> = new Map();
  return (parts) => {
    const found = new Map<string, number>();
    for (const { key, detector, part } of parts) {
      const before = known.get(key);
      if (before !== undefined && before !== part) found.set(detector, (found.get(detector) ?? 0) + 1);
    }
    known = new Map(parts.map(({ key, part }) => [key, part]));
    return found;
  };
}
