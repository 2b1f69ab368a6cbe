/** What media gateways measure of calls. */
import type { UsageEvent } from './event.ts';
import { mix } from './random.ts';

/** Salts of what a media gateway measures, so that it is independent of everything else that comes of the lot of an event. */
const [mosSalt, jitterSalt, lossSalt] = [0x6d6f73, 0x6a6974, 0x6c6f73];
const uniformOf = (lot: number, salt: number): number => mix(lot ^ salt) / 4294967296;

/**
 * What a media gateway measures of an answered call: mean opinion score, jitter in ms, packets lost in percent, most often none. Nothing of the others.
 * @example mediaOf({ answered: false, lot: 1 }) // ['', '', '']
 */
export function mediaOf({
  answered,
  lot,
}: Pick<UsageEvent, 'answered' | 'lot'>): readonly [mos: string, jitterMs: string, lossPercent: string] {
  if (!answered) return ['', '', ''];
  const jitter = 3 + 9 * uniformOf(lot, jitterSalt);
  const loss = Math.max(0, uniformOf(lot, lossSalt) - 0.8) * 5;
  const mos = 4.4 - 0.1 * uniformOf(lot, mosSalt) - 0.01 * jitter - 0.3 * loss;
  return [mos.toFixed(2), jitter.toFixed(1), loss.toFixed(1)];
}
