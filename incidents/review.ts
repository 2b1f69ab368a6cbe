/** What is learned of an incident after it: cause, use, satisfaction, the chain of whys, the root cause. */

/** Causes that an incident is filed under. */
export const causes = [
  ...['network', 'software', 'configuration', 'change', 'capacity', 'power', 'partner', 'process', 'data', 'fraud', 'customer'],
  ...['not_an_incident', 'unknown'],
] as const;

/** Fewest and most steps of a chain of whys: below three it names a symptom, above seven it no longer explains. */
export const fewestWhys = 3;
export const mostWhys = 7;
const longestText = 4_000;

export interface Review {
  readonly incident_id: string;
  /** Grows with each change, from 1. */
  readonly version: number;
  /** One of {@link causes}; empty = not said yet. */
  readonly cause: string;
  readonly cause_text: string;
  /** Whether the incident was worth the attention; empty = not said yet. */
  readonly useful: 'useful' | 'noise' | '';
  /** How content who worked on it is with how it went, 1 to 5; 0 = not said yet. */
  readonly satisfaction: number;
  /** Each answers why the one before was so; the first why the incident was. */
  readonly whys: readonly string[];
  readonly root_cause: string;
  readonly lessons: string;
  readonly actor: string;
  readonly at: string;
}

export type ReviewChange = Partial<Omit<Review, 'incident_id' | 'version' | 'actor' | 'at'>>;

export type ReviewResult = { readonly review: Review } | { readonly refused: string };

/** The next version of a review. @param before undefined = the first one */
export function reviewed(
  incidentId: string,
  before: Review | undefined,
  change: ReviewChange,
  by: { readonly actor: string; readonly at: string },
): ReviewResult {
  const first: Review = {
    ...{
      incident_id: incidentId,
      version: 0,
      cause: '',
      cause_text: '',
      useful: '',
      satisfaction: 0,
      whys: [],
      root_cause: '',
      lessons: '',
    },
    ...by,
  };
  const next: Review = { ...(before ?? first), ...change, ...by, version: (before?.version ?? 0) + 1 };
  const refused = problemOf(next);
  return refused === undefined ? { review: next } : { refused };
}

function problemOf({ cause, useful, satisfaction, whys, root_cause, cause_text, lessons }: Review): string | undefined {
  if (cause !== '' && !causes.includes(cause as (typeof causes)[number])) return `The cause is one of ${causes.join(', ')}.`;
  if (!['useful', 'noise', ''].includes(useful)) return 'It was useful, or noise.';
  if (!Number.isInteger(satisfaction) || satisfaction < 0 || satisfaction > 5) return 'Satisfaction is 1 to 5.';
  if (whys.length > mostWhys) return `A chain has at most ${mostWhys} whys.`;
  if (whys.some((why) => why.trim() === '')) return 'A why says nothing.';
  if ([root_cause, cause_text, lessons, ...whys].some((text) => text.length > longestText))
    return `A text has at most ${longestText} characters.`;
  if (root_cause !== '' && whys.length > 0 && whys.length < fewestWhys)
    return `A root cause needs a chain of ${fewestWhys} to ${mostWhys} whys.`;
  return undefined;
}

/**
 * What is still asked for after an incident, for a person.
 * @example askedOf(undefined).length // 5
 */
export function askedOf(review: Review | undefined): string[] {
  const asked: (readonly [boolean, string])[] = [
    [!review?.cause, 'the cause'],
    [!review?.useful, 'whether it was useful or noise'],
    [!review?.satisfaction, 'satisfaction, 1 to 5'],
    // What was noise needs no root cause.
    [review?.useful !== 'noise' && (review?.whys.length ?? 0) < fewestWhys, `the chain of ${fewestWhys} to ${mostWhys} whys`],
    [review?.useful !== 'noise' && !review?.root_cause, 'the root cause'],
  ];
  return asked.filter(([open]) => open).map(([, what]) => what);
}
