/** Alarms: what was said of one finding, from its first firing word until it cleared. */
import type { Finding } from '../../core/finding.ts';

/** One word of a finding and the instant at which it was said, ms. */
export interface Word {
  readonly at: number;
  readonly finding: Finding;
}

export interface Alarm {
  readonly key: string;
  readonly control: string;
  readonly metric: string;
  readonly scope: Readonly<Record<string, string>>;
  /** Clock of the first word, ms. */
  readonly opened: number;
  /** Clock at which it cleared; infinite = it still stood at the end. */
  readonly closed: number;
  /** Firing words in order. */
  readonly words: readonly Word[];
}

/**
 * Alarms of the words, in order of opening. A finding that fires again after it cleared is another alarm.
 * @param words in order of saying
 */
export function alarmsOf(words: readonly Word[]): readonly Alarm[] {
  const open = new Map<string, Word[]>();
  const alarms: Alarm[] = [];
  const close = (key: string, closed: number): void => {
    const own = open.get(key);
    if (!own) return;
    open.delete(key);
    const { at, finding } = own[0]!;
    alarms.push({ key, control: finding.detector, metric: finding.metric, scope: finding.scope, opened: at, closed, words: own });
  };
  for (const word of words) {
    const { finding_key: key, state } = word.finding;
    if (state !== 'firing') close(key, word.at);
    else if (open.has(key)) open.get(key)!.push(word);
    else open.set(key, [word]);
  }
  for (const key of [...open.keys()]) close(key, Number.POSITIVE_INFINITY);
  return alarms.sort((a, b) => a.opened - b.opened);
}

/** Earliest beginning that an alarm ever stated, ms. */
export const beganAt = ({ words }: Alarm): number => Math.min(...words.map(({ finding }) => Date.parse(finding.began_at)));
