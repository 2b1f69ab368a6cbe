/** What is counted, and what is charged for it: minimum and increments. */

/** Units of a price. Time is counted in ms, volume in octets, the rest in events. */
export type PriceUnit = 'second' | 'minute' | 'hour' | 'octet' | 'kib' | 'mib' | 'gib' | 'event';

/** What a usage has of each measure. */
export interface Quantities {
  readonly ms: number;
  readonly octets: number;
  readonly events: number;
}

/** How many ms, octets or events one unit of a price is. */
export const sizeOf: Readonly<Record<PriceUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  octet: 1,
  kib: 1024,
  mib: 1_048_576,
  gib: 1_073_741_824,
  event: 1,
};

const timed: ReadonlySet<PriceUnit> = new Set(['second', 'minute', 'hour']);

/** Whether a price is for time. */
export const isTimed = (unit: PriceUnit): boolean => timed.has(unit);

/** The quantity that a price of this unit is for, in ms, octets or events. An event that counts none is one. */
export function quantityOf(unit: PriceUnit, { ms, octets, events }: Quantities): number {
  if (isTimed(unit)) return ms;
  return unit === 'event' ? Math.max(1, events) : octets;
}

/**
 * Charged quantity: at least the minimum, beyond it whole increments, as in 30/6: 30 s, then by 6 s. Nothing stays nothing. Whole numbers
 * below 2^53; an increment of 0 or 1 leaves it as it is.
 * @example chargedQuantity(31_000, 30_000, 6_000) // 36000
 */
export function chargedQuantity(quantity: number, minimum: number, increment: number): number {
  if (quantity <= 0) return 0;
  if (quantity <= minimum) return minimum;
  if (increment <= 1) return quantity;
  const beyond = quantity - minimum;
  const rest = beyond % increment;
  return rest === 0 ? quantity : quantity + increment - rest;
}
