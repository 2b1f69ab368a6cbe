/** Incidents of the past that look like one: what was done then may help now. */

/** What two incidents are compared by. */
export interface Likeness {
  readonly incident_id: string;
  readonly detector: string;
  readonly metric: string;
  readonly scope: Readonly<Record<string, string>>;
  /** Dimensions of what explains most. */
  readonly explanation: Readonly<Record<string, string>>;
}

export interface Similar<T extends Likeness> {
  readonly incident: T;
  /** 0 to 1. */
  readonly score: number;
  /** For a person. */
  readonly reason: string;
}

/** Weights of what is alike; where one of both has none of it, the others weigh more. */
const weights = { detector: 0.25, metric: 0.15, scope: 0.3, explanation: 0.3 } as const;

/** Below this two incidents have little more than their detector in common. */
const leastScore = 0.45;

/**
 * Overlap of two sets of labels by Jaccard: labels of the same name and value over all. A label of the same name with another value counts half, since the
 * same kind of thing failed.
 * @example overlapOf({ partner: 'a' }, { partner: 'a' }) // 1
 * @example overlapOf({ partner: 'a' }, { partner: 'b' }) // 0.5
 * @example overlapOf({ partner: 'a' }, { cell: 'a' }) // 0
 */
export function overlapOf(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): number {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  if (names.size === 0) return 0;
  let shared = 0;
  for (const name of names) if (Object.hasOwn(a, name) && Object.hasOwn(b, name)) shared += a[name] === b[name] ? 1 : 0.5;
  return shared / names.size;
}

/** The most similar of some incidents, the best first; itself is left out. @param most how many */
export function similarTo<T extends Likeness>(incident: Likeness, others: readonly T[], most = 5): Similar<T>[] {
  return others
    .filter((other) => other.incident_id !== incident.incident_id)
    .map((other) => compared(incident, other))
    .filter(({ score }) => score >= leastScore)
    .sort((a, b) => b.score - a.score || (a.incident.incident_id < b.incident.incident_id ? -1 : 1))
    .slice(0, most);
}

function compared<T extends Likeness>(incident: Likeness, other: T): Similar<T> {
  const parts: (readonly [keyof typeof weights, number])[] = [
    ['detector', incident.detector === other.detector ? 1 : 0],
    ['metric', incident.metric === other.metric ? 1 : 0],
  ];
  for (const name of ['scope', 'explanation'] as const) {
    // What neither says tells nothing.
    if (Object.keys(incident[name]).length + Object.keys(other[name]).length > 0)
      parts.push([name, overlapOf(incident[name], other[name])]);
  }
  const total = parts.reduce((sum, [name]) => sum + weights[name], 0);
  const score = parts.reduce((sum, [name, alike]) => sum + weights[name] * alike, 0) / total;
  const same = parts.filter(([, alike]) => alike === 1).map(([name]) => `same ${name}`);
  const alike = parts.filter(([, share]) => share > 0 && share < 1).map(([name]) => `similar ${name}`);
  return { incident: other, score: Math.round(score * 1_000) / 1_000, reason: [...same, ...alike].join(', ') };
}
