/** How a leak comes over time, and whom it takes. */
import { hour } from '../../instant.ts';
import { keyOf, mix } from '../../random.ts';
import type { Onset } from '../../scenario.ts';

const block = 6 * hour;

/** Where and when something is planted. */
export interface Span {
  /** Key of the chances of this one scenario. */
  readonly key: number;
  /** Event time, ms, half-open. */
  readonly from: number;
  readonly to: number;
  readonly onset: Onset;
}

/**
 * Strength of a leak at an instant, with a mean of about 1 over its span: a step is 1 throughout, a drift grows from 0 to 2, an intermittent one is
 * 2 in every other six hours, and a single blow is 1. 0 outside the span.
 * @example intensity({ key: 1, from: 0, to: 100, onset: 'drift' }, 75) // 1.5
 */
export function intensity({ key, from, to, onset }: Span, at: number): number {
  if (at < from || at >= to) return 0;
  if (onset === 'drift') return (2 * (at - from)) / (to - from);
  if (onset === 'intermittent') return (Math.floor((at - from) / block) + key) % 2 === 0 ? 2 : 0;
  return 1;
}

/** Strength summed over the span up to an instant, in ms. */
export function strengthUpTo(span: Span, at: number): number {
  const { key, from, to, onset } = span;
  const until = Math.min(at, to);
  if (until <= from) return 0;
  if (onset === 'drift') return (until - from) ** 2 / (to - from);
  if (onset !== 'intermittent') return until - from;
  const whole = Math.floor((until - from) / block);
  const on = key % 2 === 0 ? Math.ceil(whole / 2) : Math.floor(whole / 2);
  return 2 * (on * block + ((whole + key) % 2 === 0 ? until - from - whole * block : 0));
}

/** Most of what a leak by chance may take: some always remains to compare with. */
const most = 0.95;

/**
 * Whether a leak takes what has this lot at this instant.
 * @param share probability at strength 1; 1 = all of it, as a rule of a partner takes all
 */
export function takes(span: Span, share: number, lot: number, at: number): boolean {
  const strength = intensity(span, at);
  return strength > 0 && mix(lot ^ span.key) < (share >= 1 ? 1 : Math.min(most, share * strength)) * 4294967296;
}

/** Key of one scenario of a seed. */
export const spanKey = (seed: number, a: number, b: number): number => keyOf(seed, 0x4c45414b, a, b);
