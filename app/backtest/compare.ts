/** What a replay says beside what was said: precision, recall, alarms a day, and what would have been different. Pure. */
import type { Finding } from '../../core/finding.ts';

/** A finding of the past or of the replay: its stretch of event time, ms. */
export interface Episode {
  readonly finding_key: string;
  readonly detector: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** What people said of it; empty = nothing. */
  readonly verdict: '' | 'true' | 'false';
}

export interface DetectorReport {
  readonly detector: string;
  /** Findings of the replay. */
  readonly found: number;
  readonly perDay: number;
  /** Of those, said to be true and false by people. */
  readonly confirmed: number;
  readonly refuted: number;
  /** confirmed / (confirmed + refuted); null where nobody said anything. */
  readonly precision: number | null;
  /** Of what people confirmed in that time, the share that the replay finds; null where nothing was confirmed. */
  readonly recall: number | null;
}

export interface Comparison {
  readonly detectors: readonly DetectorReport[];
  /** Found by the replay and not said then. */
  readonly added: readonly Episode[];
  /** Said then and not found by the replay. */
  readonly gone: readonly Episode[];
  readonly same: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Two stretches this near are one matter. */
const nearMs = hourMs;

/**
 * Findings in order of saying as episodes: from the first word that is firing to the last before it cleared.
 */
export function episodesOf(said: readonly Finding[]): readonly Episode[] {
  const open = new Map<string, Episode>();
  const done: Episode[] = [];
  for (const finding of said) {
    const { finding_key, detector, title, state } = finding;
    const standing = open.get(finding_key);
    if (state !== 'firing') {
      if (standing) done.push(standing);
      open.delete(finding_key);
      continue;
    }
    const from = Math.min(standing?.from ?? Number.POSITIVE_INFINITY, Date.parse(finding.began_at));
    open.set(finding_key, {
      finding_key,
      detector,
      title,
      from,
      to: Math.max(standing?.to ?? 0, Date.parse(finding.window.to)),
      verdict: '',
    });
  }
  return [...done, ...open.values()].sort((a, b) => a.from - b.from || (a.finding_key < b.finding_key ? -1 : 1));
}

const meet = (a: Episode, b: Episode): boolean => a.finding_key === b.finding_key && a.from <= b.to + nearMs && b.from <= a.to + nearMs;

/**
 * Compares a replay with what was said.
 * @param detectors those that were replayed: what others said is left out
 * @param days length of the stretch
 */
export function compareEpisodes(
  replayed: readonly Episode[],
  stored: readonly Episode[],
  detectors: readonly string[],
  days: number,
): Comparison {
  const known = stored.filter(({ detector }) => detectors.includes(detector));
  const verdictOf = (episode: Episode) => known.find((each) => meet(each, episode))?.verdict ?? '';
  const judged = replayed.map((episode) => ({ ...episode, verdict: verdictOf(episode) }));
  const reports = detectors.map((detector): DetectorReport => {
    const own = judged.filter((each) => each.detector === detector);
    const confirmed = own.filter(({ verdict }) => verdict === 'true').length;
    const refuted = own.filter(({ verdict }) => verdict === 'false').length;
    const true_ = known.filter((each) => each.detector === detector && each.verdict === 'true');
    const again = true_.filter((each) => replayed.some((episode) => meet(each, episode))).length;
    return {
      detector,
      found: own.length,
      perDay: own.length / Math.max(days, 1 / 24),
      confirmed,
      refuted,
      precision: confirmed + refuted === 0 ? null : confirmed / (confirmed + refuted),
      recall: true_.length === 0 ? null : again / true_.length,
    };
  });
  return {
    detectors: reports,
    added: judged.filter((episode) => !known.some((each) => meet(each, episode))),
    gone: known.filter((each) => !replayed.some((episode) => meet(each, episode))),
    same: judged.filter((episode) => known.some((each) => meet(each, episode))).length,
  };
}

/** Days between two instants. @example daysBetween(0, 172_800_000) // 2 */
export function daysBetween(from: number, to: number): number {
  return (to - from) / dayMs;
}
