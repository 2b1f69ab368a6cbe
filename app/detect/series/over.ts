/** What others told while it lasted: detectors over series judge when their data is complete, which may be after the end. */
import type { Explanation, Finding } from '../../../core/finding.ts';

/** Labels of places. */
const places = ['node', 'partner', 'route', 'site', 'cell', 'pon', 'ont'] as const;

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
export function wasTold(over: readonly Finding[], { detector, scope, explanation, from, to, bucketMs }: Past): boolean {
  const found = { ...explanation[0]?.dimensions, ...scope };
  return over.some(
    (finding) =>
      finding.detector !== detector &&
      finding.kind === 'service' &&
      meets(finding.scope, found) &&
      Date.parse(finding.began_at) - bucketMs <= from &&
      to <= Date.parse(finding.detected_at) + bucketMs,
  );
}

/** Whether two places share a label, and none of them names another value of it. An empty value names none: calls that came in have no outgoing route. */
function meets(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string | undefined>>): boolean {
  const both = places.filter((name) => one[name] && other[name]);
  return both.length > 0 && both.every((name) => one[name] === other[name]);
}
