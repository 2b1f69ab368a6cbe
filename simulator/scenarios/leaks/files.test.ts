import { describe, expect, it } from 'vitest';
import { type SimulatedFile, totalsOf } from '../../file.ts';
import { hour } from '../../instant.ts';
import { contentLeaks } from './contents.ts';
import { fileLeaks } from './files.ts';
import { clean, less, of, planted, sums } from './leaks.fixture.ts';

const cases = [...fileLeaks, ...contentLeaks].flatMap(({ leak, onsets }) => onsets.map((onset) => [leak, onset] as const));
const feedOf = (scope: Readonly<Record<string, string>>): string => scope['source']!;

describe('leaks on the way of files', () => {
  it.each(cases)('%s (%s) touches one feed, in its time', (leak, onset) => {
    const { truth, files, touched, site } = planted(leak, onset);
    const feed = feedOf(truth.scope);
    expect(touched).toEqual([feed]);
    expect(truth).toMatchObject({ scenario: leak, nature: 'leak', share: 0.08, from: site.from });
    expect(truth.records).toBeGreaterThan(0);
    expect(truth.money).toBeGreaterThan(0);
    // What was written before the leak is as it was.
    const earlier = (list: readonly SimulatedFile[]) => of(list, feed).filter((file) => file.to <= site.from);
    expect(earlier(files)).toEqual(earlier(clean));
  });

  it.each(['files-lost', 'files-lost-in-a-row', 'feed-silent', 'files-truncated', 'records-skipped'])(
    '%s: the truth is what the feed lacks',
    (leak) => {
      const { truth, files } = planted(leak, leak === 'feed-silent' || leak === 'files-lost-in-a-row' ? 'once' : 'step');
      expect(less(files, feedOf(truth.scope))).toEqual({ records: truth.records, money: truth.money });
      expect(truth.class).toBe('leakage');
    },
  );

  it.each(['files-swollen', 'files-replayed', 'records-resent'])('%s: the truth is what the feed has too much', (leak) => {
    const { truth, files } = planted(leak, 'step');
    const { records, money } = less(files, feedOf(truth.scope));
    expect({ records: -records, money: -money }).toEqual({ records: truth.records, money: truth.money });
    expect(truth.class).toBe('over_charge');
    const declared = of(files, feedOf(truth.scope)).filter((file) => file.declared!.records !== totalsOf(file.figures).records).length;
    expect(declared > 0).toBe(leak === 'files-swollen');
  });

  it.each(['files-forgotten', 'feed-slower', 'feed-stalled'])('%s: nothing is lost, it comes later', (leak) => {
    const { truth, files } = planted(leak, leak === 'feed-stalled' ? 'once' : 'step');
    const feed = feedOf(truth.scope);
    expect(sums(files, feed)).toEqual(sums(clean, feed));
    const late = of(files, feed).filter((file) => file.modifiedAt - file.from > 3 * hour);
    expect(late.reduce((sum, file) => sum + file.lines.length, 0)).toBe(truth.records);
    expect(truth.class).toBe('risk');
  });

  it('a share of files is followed by whole files: a fifth of the day is about a fifth', () => {
    const { truth, files, site } = planted('files-lost', 'step', 0.2);
    const whole = of(clean, feedOf(truth.scope)).filter((file) => file.from >= site.from && file.from < site.to);
    const lost = whole.length - of(files, feedOf(truth.scope)).filter((file) => file.from >= site.from && file.from < site.to).length;
    expect(lost).toBeGreaterThan(2);
    const daily = sums(clean, feedOf(truth.scope)).money * ((site.to - site.from) / (58 * hour));
    expect(truth.money / daily).toBeGreaterThan(0.1);
    expect(truth.money / daily).toBeLessThan(0.35);
  });

  it('an overwritten number comes twice, the next not at all', () => {
    const { truth, files } = planted('file-overwritten', 'step');
    const numbers = of(files, feedOf(truth.scope)).map(({ sequence }) => sequence!);
    const twice = numbers.filter((number, at) => numbers.indexOf(number) !== at);
    expect(twice.length).toBeGreaterThan(0);
    for (const number of twice) expect(numbers.includes(number + 1)).toBe(false);
    const overwritten = twice.map((number) => of(files, feedOf(truth.scope)).find(({ sequence }) => sequence === number)!);
    expect(overwritten.reduce((sum, file) => sum + file.lines.length, 0)).toBe(truth.records);
    for (const file of of(files, feedOf(truth.scope))) {
      expect(file.head[0]).toBe(`#header,${file.sequence}`);
      expect(file.name).toContain(`_${`${file.sequence}`.padStart(6, '0')}_`);
    }
  });
});
