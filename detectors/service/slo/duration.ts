/** Durations as OpenSLO writes them: a positive whole number and one letter, e.g. 5m, 1h, 30d, 4w, 1M, 1Q, 1Y. */

export type DurationUnit = 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'Y';

export interface Duration {
  readonly count: number;
  readonly unit: DurationUnit;
}

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** Months, quarters and years have no fixed length: these are the nominal ones, of which thresholds are made. */
const lengthMs: Readonly<Record<DurationUnit, number>> = {
  m: minuteMs,
  h: 60 * minuteMs,
  d: dayMs,
  w: 7 * dayMs,
  M: 30 * dayMs,
  Q: 90 * dayMs,
  Y: 365 * dayMs,
};

/**
 * A duration; undefined when the text is none.
 * @example durationOf('4w') // { count: 4, unit: 'w' }
 */
export function durationOf(text: string): Duration | undefined {
  const match = /^([1-9]\d{0,4})([mhdwMQY])$/.exec(text);
  return match ? { count: Number(match[1]), unit: match[2] as DurationUnit } : undefined;
}

/** Whether every such duration lasts equally long. */
export const isFixed = ({ unit }: Duration): boolean => unit === 'm' || unit === 'h' || unit === 'd' || unit === 'w';

/**
 * Its length in ms; the nominal one of months (30 d), quarters (90 d) and years (365 d).
 * @example nominalMs({ count: 1, unit: 'M' }) // 2592000000
 */
export const nominalMs = ({ count, unit }: Duration): number => count * lengthMs[unit];

/**
 * A length in ms as a person writes it, in the largest unit that leaves no rest.
 * @example lengthText(5400000) // '90m'
 */
export function lengthText(ms: number): string {
  for (const unit of ['w', 'd', 'h'] as const)
    if (ms >= lengthMs[unit] && ms % lengthMs[unit] === 0) return `${ms / lengthMs[unit]}${unit}`;
  return `${Math.round((ms / minuteMs) * 100) / 100}m`;
}
