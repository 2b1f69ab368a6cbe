/** The tails of one series that are learned as it goes; figures lie in the bank's Float32 row. */
import { excessTail } from '../statistics/excess-tail.ts';
import { SUM_EXCESS, SUM_RATE } from './layout.ts';

const TARGET = 0.02;
const FORGET = 1 / 20_000;
/** CUSUM threshold above which its tail is taken as exponential. */
export const SUM_THRESHOLD = 2.5;
/** -log10 of the share of white rows beyond that threshold, at the shipped allowance. */
const WHITE_RATE = 1.88;

/** Writes the tail that normal residuals would have. */
export function beginTail(state: Float32Array, at: number): void {
  state[at] = 2.3;
  state[at + 1] = 0.6;
  state[at + 2] = 0.4;
  state[at + 3] = TARGET;
}

/** -log10 of the share of rows at least as far out as `size` >= 0. Below the threshold it grows linearly, which no limit reads. */
export function tailScore(state: Float32Array, at: number, size: number): number {
  const threshold = state[at]!;
  const rate = -Math.log10(state[at + 3]!);
  if (!(size > threshold)) return (rate * size) / threshold;
  return rate - excessTail(size - threshold, state[at + 1]!, state[at + 2]!) / Math.LN10;
}

/** Learns one size. The excess is cut at ten mean excesses, so that one wild row cannot blind the series. */
export function learnTail(state: Float32Array, at: number, size: number, rows: number): void {
  const threshold = state[at]!;
  const mean = state[at + 1]!;
  const over = size > threshold ? 1 : 0;
  if (over === 1) {
    const error = Math.min(size - threshold, 10 * mean) - mean;
    const gain = Math.max(FORGET / TARGET, 1 / (rows * TARGET + 30));
    const next = mean + gain * error;
    state[at + 1] = next;
    state[at + 2] = state[at + 2]! + gain * ((error - gain * error) ** 2 - state[at + 2]!);
  }
  state[at + 3] = state[at + 3]! + Math.max(FORGET, 1 / (rows + 200)) * (over - state[at + 3]!);
  const move = Math.max(0.02, 1 / (rows + 20)) * (over - TARGET);
  const moved = threshold * (1 + move + 0.5 * move * move);
  state[at] = moved < 0.5 ? 0.5 : Math.min(moved, 25);
}

/** Writes the exponential tail that theory gives the CUSUM of white residuals: mean excess 1 / (2 k), a little wider. */
export function beginSumTail(state: Float32Array, row: number, allowance: number): void {
  state[row + SUM_RATE] = 0.01;
  state[row + SUM_EXCESS] = 0.5 / allowance;
}

/** -log10 of the share of rows with a CUSUM this high. */
export function sumScore(state: Float32Array, row: number, sum: number): number {
  const rate = -Math.log10(Math.min(0.9, state[row + SUM_RATE]!));
  if (sum <= SUM_THRESHOLD) return (rate * sum) / SUM_THRESHOLD;
  return rate + (sum - SUM_THRESHOLD) / state[row + SUM_EXCESS]! / Math.LN10;
}

/** -log10 of the share of rows with a CUSUM this high, as theory has it for deviates that are white and standardised. */
export function whiteSumScore(sum: number, allowance: number): number {
  if (sum <= SUM_THRESHOLD) return (WHITE_RATE * sum) / SUM_THRESHOLD;
  return WHITE_RATE + ((sum - SUM_THRESHOLD) * 2 * allowance) / Math.LN10;
}

/** Learns one CUSUM value; the prior is worth 10,000 rows and 400 excesses, because excesses come in runs and say little each. */
export function learnSumTail(state: Float32Array, row: number, sum: number, rows: number): void {
  const over = sum > SUM_THRESHOLD ? 1 : 0;
  const rate = state[row + SUM_RATE]! + Math.max(1e-5, 1 / (rows + 10_000)) * (over - state[row + SUM_RATE]!);
  state[row + SUM_RATE] = rate;
  if (over === 0) return;
  const mean = state[row + SUM_EXCESS]!;
  const seen = Math.max(0, rate * (rows + 10_000) - 100);
  state[row + SUM_EXCESS] = mean + Math.max(2e-4, 1 / (seen + 400)) * (Math.min(sum - SUM_THRESHOLD, 6 * mean) - mean);
}

/** The size at which a tail reaches a score, taking the tail as exponential: the edge of the band that is shown. */
export function tailLimit(state: Float32Array, at: number, score: number): number {
  const beyond = score + Math.log10(state[at + 3]!);
  return state[at]! + Math.max(0, beyond) * Math.LN10 * state[at + 1]!;
}
