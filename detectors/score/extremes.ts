/** Running extremes of one series: value, mean of twelve rows, residual. */
import { novelty } from '../statistics/novelty.ts';
import { EXTREMES, RING } from './layout.ts';

const FORGET = 2e-4;
export const RING_ROWS = 12;

/** Novelty of a value against the extremes at `at`, which then learn it. A slot whose highest is below its lowest is empty. */
function surprise(state: Float32Array, at: number, exact: number, least: number, rows: number): number {
  const value = Math.fround(exact);
  const highest = state[at]!;
  const lowest = state[at + 1]!;
  if (highest < lowest) {
    state[at] = value;
    state[at + 1] = value;
    state[at + 3] = value;
    return 0;
  }
  const found = novelty(value, lowest, highest, state[at + 2]! + least);
  const step = state[at + 2]!;
  state[at + 2] = step + Math.max(0.01, 1 / (rows + 1)) * (Math.abs(value - state[at + 3]!) - step);
  const shrink = 0.5 * (highest - lowest) * FORGET;
  state[at] = Math.max(value, highest - shrink);
  state[at + 1] = Math.min(value, lowest + shrink);
  state[at + 3] = value;
  return found;
}

/** Marks all extremes as empty. */
export function beginExtremes(state: Float32Array, row: number): void {
  for (let at = row + EXTREMES; at < row + EXTREMES + 12; at += 4) {
    state[at] = -1;
    state[at + 1] = 1;
    state[at + 2] = 0;
  }
}

/** The largest novelty of the three; learns them. `least` is the step below which nothing counts as one; `rows` counts the rows learned, this one too. */
export function surpriseOf(state: Float32Array, row: number, value: number, residual: number, least: number, rows: number): number {
  state[row + RING + ((rows - 1) % RING_ROWS)] = value;
  let largest = surprise(state, row + EXTREMES, value, least, rows);
  if (rows >= RING_ROWS) {
    let sum = 0;
    for (let i = 0; i < RING_ROWS; i++) sum += state[row + RING + i]!;
    largest = Math.max(largest, surprise(state, row + EXTREMES + 4, sum / RING_ROWS, least, rows));
  }
  return Math.max(largest, surprise(state, row + EXTREMES + 8, residual, least, rows));
}
