/** What others told while it lasted: detectors over series judge when their data is complete, which may be after the end. */
import type { Explanation, Finding } from '../../../core/finding.ts';
import { placeGap, type Signal, type Standing, type UsageCells } from '../../../detectors/series/index.ts';

/** Labels of places. */
const places = ['node', 'partner', 'route', 'site', 'cell', 'pon', 'ont'] as const;
/** Those of them that usage is cut by. */
const usagePlaces: readonly string[] = ['node', 'partner', 'route', 'cell'];

export interface Past {
  /** Who would tell it. */
  readonly detector: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly explanation: readonly Pick<Explanation, 'dimensions'>[];
  /** First and last instant of the deviation, ms. */
  readonly from: number;
  readonly to: number;
  /** How exactly those are known, ms. */
  readonly bucketMs: number;
}

/**
 * Whether another detector told of a deviation, at its place and for all of its time, and has said that it is over: nobody needs to hear of it once more.
 * @param over findings of any detector that have cleared; `detected_at` is when
 * @example wasTold([], { detector: 'a', scope: {}, explanation: [], from: 0, to: 1, bucketMs: 1 }) // false
 */
export function wasTold(over: readonly Finding[], past: Past): boolean {
  const found = { ...past.explanation[0]?.dimensions, ...past.scope };
  return over.some((finding) => lasted(finding, past) && meets(finding.scope, found));
}

/** Whether another told of a matter of service for all of the time. */
function lasted({ detector, kind, began_at, detected_at }: Finding, past: Omit<Past, 'explanation'>): boolean {
  const { from, to, bucketMs } = past;
  if (detector === past.detector || kind !== 'service') return false;
  return Date.parse(began_at) - bucketMs <= from && to <= Date.parse(detected_at) + bucketMs;
}

/** Places of usage below a scope of which others told for all of the time, and which are well again. */
export function placesTold(over: readonly Finding[], past: Omit<Past, 'explanation'>): readonly Readonly<Record<string, string>>[] {
  return over.flatMap((finding) => {
    const named = places.filter((name) => finding.scope[name]);
    const below = named.every((name) => usagePlaces.includes(name) && (!past.scope[name] || past.scope[name] === finding.scope[name]));
    return named.length > 0 && below && lasted(finding, past)
      ? [Object.fromEntries(named.map((name) => [name, finding.scope[name]!]))]
      : [];
  });
}

/**
 * Whether places that others told of make at least half of a deviation: what they lack, or have too much, is the matter, and was told.
 * @param places at least one, see `placesTold`
 */
export function isOfPlaces(
  places: readonly Readonly<Record<string, string>>[],
  cells: UsageCells,
  scope: Readonly<Record<string, string>>,
  signal: Signal,
  { onset }: Pick<Standing, 'onset'>,
): boolean {
  return placeGap(cells, scope, places, signal, { onset }) / (onset.observed - onset.expected) >= 0.5;
}

/** Whether two places share a label, and none of them names another value of it. An empty value names none: calls that came in have no outgoing route. */
function meets(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string | undefined>>): boolean {
  const both = places.filter((name) => one[name] && other[name]);
  return both.length > 0 && both.every((name) => one[name] === other[name]);
}
