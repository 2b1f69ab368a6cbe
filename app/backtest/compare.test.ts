import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { compareEpisodes, daysBetween, type Episode, episodesOf } from './compare.ts';

const hour = 3_600_000;
const at = (instant: number): string => new Date(instant).toISOString();

const finding = (key: string, state: 'firing' | 'cleared', from: number, to: number): Finding =>
  ({
    finding_key: key,
    detector: 'd',
    title: key,
    state,
    began_at: at(from),
    window: { from: at(from), to: at(to) },
  }) as unknown as Finding;

const episode = (finding_key: string, from: number, to: number, verdict: Episode['verdict'] = ''): Episode => ({
  finding_key,
  detector: 'd',
  title: finding_key,
  from,
  to,
  verdict,
});

describe('episodes', () => {
  it('last from the first word to the last before it cleared, and begin anew after it', () => {
    const said = [
      finding('a', 'firing', 0, hour),
      finding('b', 'firing', hour, 2 * hour),
      finding('a', 'firing', 0, 3 * hour),
      finding('a', 'cleared', 0, 3 * hour),
      finding('a', 'firing', 9 * hour, 10 * hour),
    ];
    expect(episodesOf(said).map(({ finding_key, from, to }) => [finding_key, from / hour, to / hour])).toEqual([
      ['a', 0, 3],
      ['b', 1, 2],
      ['a', 9, 10],
    ]);
  });
});

describe('a replay beside what was said', () => {
  it('counts what people confirmed and refuted, and what would be new and gone', () => {
    const stored = [
      episode('hit', 0, hour, 'true'),
      episode('wrong', 0, hour, 'false'),
      episode('missed', 5 * hour, 6 * hour, 'true'),
      episode('unjudged', 0, hour),
      { ...episode('other', 0, hour, 'true'), detector: 'not replayed' },
    ];
    const replayed = [
      episode('hit', hour / 2, 2 * hour),
      episode('wrong', 0, hour),
      episode('unjudged', 0, hour),
      episode('new', 0, hour),
      // The same finding at another time is another matter.
      episode('missed', 40 * hour, 41 * hour),
    ];
    const { detectors, added, gone, same } = compareEpisodes(replayed, stored, ['d'], 2);
    expect(detectors).toEqual([{ detector: 'd', found: 5, perDay: 2.5, confirmed: 1, refuted: 1, precision: 0.5, recall: 0.5 }]);
    expect(added.map(({ finding_key }) => finding_key)).toEqual(['new', 'missed']);
    expect(gone.map(({ finding_key }) => finding_key)).toEqual(['missed']);
    expect(same).toBe(3);
  });

  it('says nothing of precision and recall where nobody said anything', () => {
    expect(compareEpisodes([episode('a', 0, 1)], [], ['d'], 1).detectors[0]).toMatchObject({ precision: null, recall: null });
    expect(daysBetween(0, 172_800_000)).toBe(2);
  });
});
