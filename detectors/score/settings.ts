/** The one shipped configuration of the series scorer: the same for every series, benchmark and step. */
export interface ScoreSettings {
  /** Rows over which the sharp level follows. */
  readonly sharpRows: number;
  /** Rows over which the level without a profile follows. */
  readonly plainRows: number;
  /** Residuals beyond this many deviations are cut before they teach a level, a profile or a scale. */
  readonly clip: number;
  /** The same for the slow level, which must not learn an outage. */
  readonly slowClip: number;
  /** CUSUM allowance in deviations: half the shift it finds fastest. */
  readonly allowance: number;
  /** Weight of one unit of novelty in the score. */
  readonly noveltyWeight: number;
  /** After a row that scores 2 or more, weaker rows within this many rows count half. */
  readonly refractoryRows: number;
  /** False alarms that the `alarm` column may raise per 1000 series-days of quiet data. */
  readonly alarmsPer1000SeriesDays: number;
  /** An alarm ends after this many rows below half its limit. */
  readonly clearRows: number;
  /** Fewest peers for a common mode. */
  readonly fewestPeers: number;
}

/** Rows that teach but do not speak: no scale is known before. */
export const COLD_ROWS = 30;

export const SHIPPED: ScoreSettings = {
  sharpRows: 10,
  plainRows: 30,
  clip: 6,
  slowClip: 1.5,
  allowance: 0.75,
  noveltyWeight: 0.65,
  refractoryRows: 40,
  alarmsPer1000SeriesDays: 5,
  clearRows: 3,
  fewestPeers: 8,
};

const BOUNDS: Readonly<Record<keyof ScoreSettings, readonly [number, number]>> = {
  sharpRows: [2, 10_000],
  plainRows: [2, 10_000],
  clip: [1, 100],
  slowClip: [0.5, 100],
  allowance: [0.1, 5],
  noveltyWeight: [0, 10],
  refractoryRows: [0, 100_000],
  alarmsPer1000SeriesDays: [0.001, 1_000_000],
  clearRows: [1, 10_000],
  fewestPeers: [3, 1_000_000],
};

/**
 * The shipped settings with some replaced.
 * @throws RangeError naming the setting that is unknown, not a number or outside its bounds
 * @example
 * scoreSettings({ allowance: 1 }).allowance; // => 1
 */
export function scoreSettings(changes: Readonly<Record<string, unknown>> = {}): ScoreSettings {
  const settings: Record<string, number> = { ...SHIPPED };
  for (const [name, value] of Object.entries(changes)) {
    const bounds = Object.hasOwn(BOUNDS, name) ? BOUNDS[name as keyof ScoreSettings] : undefined;
    if (bounds === undefined) throw new RangeError(`score setting '${name}' is not known; known are ${Object.keys(BOUNDS).join(', ')}`);
    if (typeof value !== 'number' || !(value >= bounds[0] && value <= bounds[1]))
      throw new RangeError(`score setting '${name}' must be a number from ${bounds[0]} to ${bounds[1]}`);
    settings[name] = value;
  }
  return settings as unknown as ScoreSettings;
}
