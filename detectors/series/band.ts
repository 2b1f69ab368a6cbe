/** What is shown around a series: the value that is held to be normal, and the scorer's band laid around it. */
import type { PartState } from './part.ts';

export interface Band {
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}

/** Of the last bucket, in the unit of the value; the band is where one channel of the scorer reaches p = 0.001. A series of values that were never below zero has none below it. */
export function bandOf({ bank, expected }: Pick<PartState, 'bank' | 'expected'>, node: number): Band {
  const usual = expected[node]!;
  const below = bank.expected[node]! - bank.lower[node]!;
  const above = bank.upper[node]! - bank.expected[node]!;
  const lower = usual - below;
  return { expected: usual, lower: bank.lower[node]! >= 0 ? Math.max(0, lower) : lower, upper: usual + above };
}
