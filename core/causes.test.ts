import { describe, expect, it } from 'vitest';
import { causesFor, defaultCauses } from './causes.ts';

describe('the meaning of causes', () => {
  it('is shipped for each value once', () => {
    expect(new Set(defaultCauses.map(({ scheme, value }) => `${scheme} ${value}`)).size).toBe(defaultCauses.length);
    const of = (causeClass: string) =>
      defaultCauses.filter((cause) => cause.scheme === 'q850' && cause.causeClass === causeClass).map(({ value }) => value);
    // What NER counts as delivered, and what it counts against the network, after ITU-T E.425.
    expect(of('user')).toEqual(expect.arrayContaining([17, 18, 19, 21]));
    expect([...of('network'), ...of('congestion')]).toEqual(expect.arrayContaining([27, 34, 38, 41, 42, 44, 47]));
  });

  it('of a partner goes before that of all, that of all before what is shipped, and the later before the earlier', () => {
    const say = (partner: string, cause_class: string, valid_from = '2026-01-01', value: number | string = 31) => ({
      partner,
      scheme: 'q850',
      value,
      cause_class,
      valid_from,
    });
    const meaning = (statements: Parameters<typeof causesFor>[0], partner: string) => {
      const found = causesFor(statements, partner).filter(({ scheme, value }) => scheme === 'q850' && value === 31);
      expect(found.length).toBe(1);
      return [found[0]!.causeClass, found[0]!.source];
    };
    expect(meaning([], 'acme')).toEqual(['normal', 'ITU-T Q.850']);
    const all = [say('acme', 'network'), say('', 'congestion'), say('other', 'user')];
    expect(meaning(all, 'acme')).toEqual(['network', 'reference data, acme']);
    expect(meaning(all, '')).toEqual(['congestion', 'reference data, all partners']);
    expect(meaning([say('', 'user', '2026-02-01', '31'), say('', 'network')], 'x')).toEqual(['user', 'reference data, all partners']);
  });

  it('may have values of its own; unknown schemes are left out', () => {
    const found = causesFor(
      [
        { partner: '', scheme: 'q850', value: 24, cause_class: 'user', name: 'Own' },
        { partner: '', scheme: 'isup', value: 1, cause_class: 'user' },
      ],
      '',
    );
    expect(found.length).toBe(defaultCauses.length + 1);
    expect(found.find(({ value, scheme }) => scheme === 'q850' && value === 24)).toMatchObject({ name: 'Own', causeClass: 'user' });
  });
});
