/**
 * Which numbers of a sequence are missing, given the numbers in order of arrival: with wrap-around (a counter of fixed size),
 * restarts (a counter that begins again each day or after a restart of the node) and files that overtake each other.
 */
import type { SequenceRule } from '../../core/definition.ts';

/** One numbered thing, in order of arrival. */
export interface Numbered {
  readonly sequence: number;
  /** Tells a repeat of the number with other content from the same thing again. */
  readonly content: string;
  /** Arrival, ms since 1970 UTC. */
  readonly at: number;
}

/** Missing numbers as they were counted by the sender, inclusive; `to` below `from` = the counter wrapped between. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** When it became visible: arrival of the first later number. */
  readonly noticedAt: number;
}

export interface SequenceReport {
  readonly gaps: readonly Gap[];
  /** Numbers that came again with other content. */
  readonly repeats: readonly Numbered[];
  /** Jumps too far to be a gap: the numbering itself changed. */
  readonly breaks: readonly Numbered[];
  /** How many came after a later number: 0 = this sender keeps the order. */
  readonly overtaken: number;
  /** Numbers that should have come, the missing ones included. */
  readonly expected: number;
}

/** One run of the counter. `base` is added to a number so that numbers go on growing over a wrap. */
interface Segment {
  readonly present: Map<number, Numbered>;
  low: number;
  high: number;
  readonly startedAt: number;
}

/** Sizes of counters in use: one, two and four octets, and 3 to 7 decimal digits (TAP: 00001 to 99999). */
const usualTops = [255, 999, 9_999, 65_535, 99_999, 999_999, 9_999_999, 4_294_967_295];
/** How near to its top a counter must be, and how near to its first number it must go on, to be taken for a wrap. */
const wrapSlack = 10;
/** A restart begins within this many numbers of the first. */
const restartSlack = 3;
/** Fewer numbers than this going backwards is a late arrival, not a restart. */
const restartDrop = 10;
const dayMs = 86_400_000;

/**
 * @param arrivals in order of arrival
 * @param rule as the settings state it; without one the usual counter sizes and restarts are recognised
 * @param farthest a jump of more numbers than this is a break, not a gap
 * @example
 * sequenceReport([1, 2, 4].map((sequence) => ({ sequence, content: `${sequence}`, at: sequence })), undefined, 10000).gaps
 * // [{ from: 3, to: 3, count: 1, noticedAt: 4 }]
 */
export function sequenceReport(arrivals: readonly Numbered[], rule: SequenceRule | undefined, farthest: number): SequenceReport {
  const first = rule?.first ?? (arrivals.some(({ sequence }) => sequence === 0) ? 0 : 1);
  const segments: Segment[] = [];
  const repeats: Numbered[] = [];
  const breaks: Numbered[] = [];
  let overtaken = 0;
  let modulus = rule && rule.reset === 'none' ? rule.last - rule.first + 1 : 0;
  for (const each of arrivals) {
    const current = segments.at(-1);
    if (!current) {
      segments.push(segmentFrom(each.sequence, each));
      continue;
    }
    const before = segments.at(-2);
    if (before && each.sequence > current.high + 1 && fits(before, each.sequence, !rule && current.present.size <= restartSlack)) {
      overtaken++;
      place(before, each.sequence, each);
      continue;
    }
    if (modulus === 0 && !rule) modulus = wrapped(current, each.sequence, first);
    const absolute = modulus > 0 ? each.sequence + modulus * Math.round((current.high - each.sequence) / modulus) : each.sequence;
    const held = current.present.get(absolute);
    if (modulus === 0 && restarts(current, each, first, rule)) {
      segments.push(restarted(first, each));
    } else if (held) {
      if (held.content !== each.content) repeats.push(each);
    } else if (Math.abs(absolute - current.high) > farthest) {
      breaks.push(each);
      segments.push(segmentFrom(each.sequence, each));
    } else {
      if (absolute < current.high) overtaken++;
      place(current, absolute, each);
    }
  }
  const gaps = segments.flatMap((segment) => gapsOf(segment, first, modulus));
  const expected = segments.reduce((sum, { low, high }) => sum + high - low + 1, 0);
  return { gaps, repeats, breaks, overtaken, expected };
}

function segmentFrom(low: number, each: Numbered): Segment {
  return { present: new Map([[each.sequence, each]]), low, high: each.sequence, startedAt: each.at };
}

/** A restarted counter begins at its first number, so what lies before the number seen is missing. */
function restarted(first: number, each: Numbered): Segment {
  return segmentFrom(Math.min(first, each.sequence), each);
}

function place(segment: Segment, absolute: number, each: Numbered): void {
  segment.present.set(absolute, each);
  segment.low = Math.min(segment.low, absolute);
  segment.high = Math.max(segment.high, absolute);
}

/** Missing in the segment; or the next one after it, where what was taken for a restart may have been a late number. */
function fits(segment: Segment, sequence: number, doubtful: boolean): boolean {
  return (
    (doubtful && sequence === segment.high + 1) || (sequence > segment.low && sequence < segment.high && !segment.present.has(sequence))
  );
}

/** Size of the counter if the step to `sequence` can only be a wrap of a counter of usual size; else 0. */
function wrapped({ high }: Segment, sequence: number, first: number): number {
  const top = usualTops.find((each) => high <= each && each - high < wrapSlack);
  return top !== undefined && sequence - first < wrapSlack && high - sequence > top / 2 ? top - first + 1 : 0;
}

function restarts(current: Segment, each: Numbered, first: number, rule: SequenceRule | undefined): boolean {
  if (rule?.reset === 'none') return false;
  const drop = current.high - each.sequence;
  const nearFirst = each.sequence - first <= restartSlack;
  if (rule) return drop > 0 && nearFirst && Math.floor(each.at / dayMs) > Math.floor(current.startedAt / dayMs);
  return nearFirst && drop >= Math.max(restartDrop, (current.high - current.low) / 2);
}

/** What lies between the numbers present; visible from the moment when something on either side of it had come. */
function gapsOf(segment: Segment, first: number, modulus: number): Gap[] {
  const numbers = [...segment.present.keys()].sort((a, b) => a - b);
  const arrival = numbers.map((number) => segment.present.get(number)!.at);
  const earliestFrom = [...arrival];
  for (let at = earliestFrom.length - 2; at >= 0; at--) earliestFrom[at] = Math.min(earliestFrom[at]!, earliestFrom[at + 1]!);
  const sent = (absolute: number) => (modulus > 0 ? ((((absolute - first) % modulus) + modulus) % modulus) + first : absolute);
  const gaps: Gap[] = [];
  let earliestTo = segment.startedAt;
  let previous = segment.low - 1;
  numbers.forEach((number, at) => {
    if (number > previous + 1) {
      const noticedAt = Math.max(earliestTo, earliestFrom[at]!);
      gaps.push({ from: sent(previous + 1), to: sent(number - 1), count: number - previous - 1, noticedAt });
    }
    earliestTo = at === 0 ? arrival[at]! : Math.min(earliestTo, arrival[at]!);
    previous = number;
  });
  return gaps;
}
