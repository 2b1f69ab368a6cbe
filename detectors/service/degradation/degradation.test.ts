import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draws, keyOf, poisson, uniform } from '../../../simulator/random.ts';
import { judgeRows } from '../../controls/evaluation.fixture.ts';
import { callFailures } from './call-failures.ts';
import { failureCusum, type Minute } from './failure-cusum.ts';
import { failingPlaces, type Leaf } from './places.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 21, 12);
const minutes = (...failures: number[]): Minute[] =>
  failures.map((count, at) => ({ at: at * minute, attempts: 20, failures: count, expected: 0.5 }));

describe('the sequential test', () => {
  it('fires within the first minute of a full fault, and says when it began', () => {
    expect(failureCusum(minutes(0, 1, 0, 18), 18)).toMatchObject({ fires: true, since: 3 * minute });
  });

  it('needs more minutes for a smaller fault, and none is enough for what is usual', () => {
    expect(failureCusum(minutes(5), 18).fires).toBe(false);
    expect(failureCusum(minutes(5, 5, 5, 5), 18).fires).toBe(true);
    expect(failureCusum(minutes(...new Array<number>(30).fill(1)), 18).fires).toBe(false);
  });

  it('takes five failures of five calls, or six of eight, where one in a hundred fails', () => {
    const few = (attempts: number, failures: number): boolean =>
      failureCusum([{ at: 0, attempts, failures, expected: 0.01 * attempts }], 16).fires;
    expect([few(5, 5), few(8, 6), few(4, 4), few(9, 5)]).toEqual([true, true, false, false]);
  });

  it('ends soon after the fault', () => {
    const fault = new Array<number>(15).fill(18);
    expect(failureCusum(minutes(...fault, 0), 18).fires).toBe(true);
    expect(failureCusum(minutes(...fault, 0, 0, 0, 0, 0, 0), 18).fires).toBe(false);
  });

  it('leaves minutes without attempts alone', () => {
    const gap = { at: 0, attempts: 0, failures: 0, expected: 0 };
    expect(failureCusum([gap], 18)).toMatchObject({ fires: false, score: 0 });
    expect(failureCusum([...minutes(18), gap, gap, gap], 18).fires).toBe(true);
  });

  it('never fires by more attempts that succeed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }), fc.nat(50), (failures, more) => {
        const given = minutes(...failures);
        const calmer = given.map((each) => ({
          ...each,
          attempts: each.attempts + more,
          expected: (each.expected * (each.attempts + more)) / each.attempts,
        }));
        expect(failureCusum(calmer, 18).score).toBeLessThanOrEqual(failureCusum(given, 18).score + 1e-9);
      }),
    );
  });

  it('is silent over half a million quiet minutes', () => {
    const from = draws(keyOf(11, 2));
    let alarms = 0;
    for (let place = 0; place < 100; place++) {
      const quiet: Minute[] = [];
      for (let at = 0; at < 5000; at++) {
        const attempts = poisson(from, 2 + (place % 10) * 3);
        let failures = 0;
        for (let each = 0; each < attempts; each++) if (uniform(from) < 0.03) failures++;
        quiet.push({ at: at * minute, attempts, failures, expected: 0.03 * attempts });
      }
      if (failureCusum(quiet, 16).score >= 16) alarms++;
      let fired = false;
      for (let end = 30; end < quiet.length; end += 30) fired ||= failureCusum(quiet.slice(end - 30, end), 16).fires;
      if (fired) alarms++;
    }
    expect(alarms).toBe(0);
  });
});

describe('the place', () => {
  const leaf = (node: string, partner: string, route: string, site: string, failures: number, attempts = 20, service = 'voice'): Leaf => ({
    service,
    labels: { node, partner, route, site },
    minutes: [0, minute, 2 * minute],
    attempts: [attempts, attempts, attempts],
    failures: [0, failures, failures],
    usual: 0.025,
  });
  const labelsOf = (leaves: readonly Leaf[]): readonly object[] =>
    failingPlaces(leaves, 18).map(({ labels: { service: _, ...place } }) => place);

  it('is the route when the other route of the partner is well', () => {
    expect(
      labelsOf([
        leaf('n1', 'a', 'A1', 's1', 15),
        leaf('n2', 'a', 'A1', 's2', 15),
        leaf('n1', 'a', 'A2', 's1', 0),
        leaf('n2', 'b', 'B1', 's2', 0),
      ]),
    ).toEqual([{ partner: 'a', route: 'A1' }]);
  });

  it('is the route for all who pass it, roamers of another partner too, and names the partner behind it', () => {
    const leaves = [
      leaf('n1', 'a', 'A1', 's1', 15),
      leaf('n2', 'a', 'A1', 's2', 15),
      leaf('n1', 'roam', 'A1', '', 2, 2),
      leaf('n1', 'roam', 'A2', '', 0, 2),
      leaf('n1', 'a', 'A2', 's1', 0),
      leaf('n2', 'b', 'B1', 's2', 0),
    ];
    const [found, ...others] = failingPlaces(leaves, 18);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ labels: { partner: 'a', route: 'A1' }, failures: 64 });
    // Nobody's in particular: the route alone.
    expect(labelsOf([...leaves, leaf('n1', 'c', 'A1', 's1', 15), leaf('n1', 'c', 'A2', 's1', 0)])).toEqual([{ route: 'A1' }]);
  });

  it('is the partner when all of its routes fail, the site when all partners do', () => {
    expect(
      labelsOf([
        leaf('n1', 'a', 'A1', 's1', 15),
        leaf('n1', 'a', 'A2', 's2', 15),
        leaf('n1', 'b', 'B1', 's1', 0),
        leaf('n1', 'b', 'B1', 's2', 1),
      ]),
    ).toEqual([{ partner: 'a' }]);
    expect(
      labelsOf([
        leaf('n1', 'a', 'A1', 's1', 15),
        leaf('n1', 'b', 'B1', 's1', 15),
        leaf('n1', 'a', 'A1', 's2', 0),
        leaf('n1', 'b', 'B1', 's2', 0),
      ]),
    ).toEqual([{ site: 's1' }]);
  });

  it('is the whole when everything fails, and two places when two fail', () => {
    expect(labelsOf(['s1', 's2', 's3'].map((site, at) => leaf(`n${at}`, `p${at}`, `R${at}`, site, 15)))).toEqual([{}]);
    expect(
      labelsOf([
        leaf('n1', 'a', 'A1', 's1', 15),
        leaf('n2', 'b', 'B1', 's2', 15),
        ...['c', 'd', 'e', 'f'].flatMap((partner) => [leaf('n1', partner, '', 's1', 0, 200), leaf('n2', partner, '', 's2', 0, 200)]),
        ...['s3', 's4'].map((site) => leaf('n1', 'c', '', site, 0, 200)),
      ]).length,
    ).toBe(2);
  });

  it('is a service where only that one fails, and all of them where all do', () => {
    const of = (calls: number, messages: number): readonly object[] =>
      failingPlaces(
        [
          leaf('n1', 'a', 'A1', 's1', calls),
          leaf('n1', 'a', 'A2', 's1', calls, 20),
          leaf('n1', 'a', 'A1', 's1', messages, 20, 'sms'),
          leaf('n1', 'b', 'B1', 's1', 0),
          leaf('n1', 'b', 'B1', 's2', 0, 20, 'sms'),
        ],
        18,
      ).map(({ labels }) => labels);
    expect(of(15, 15)).toEqual([{ partner: 'a' }]);
    expect(of(15, 0)).toEqual([{ service: 'voice', partner: 'a' }]);
    expect(of(0, 15)).toEqual([{ service: 'sms', partner: 'a' }]);
  });

  it('needs less of each where both fail', () => {
    const few = (service: string): Leaf[] => [leaf('n1', 'a', 'A1', 's1', 5, 6, service), leaf('n1', 'b', 'B1', 's2', 0, 20, service)];
    expect(failingPlaces(few('voice'), 30)).toEqual([]);
    expect(failingPlaces([...few('voice'), ...few('sms')], 30).map(({ labels }) => labels)).toEqual([{ partner: 'a' }]);
  });

  it('is none where failures are usual', () => {
    expect(labelsOf([leaf('n1', 'a', 'A1', 's1', 1), leaf('n1', 'b', 'B1', 's1', 0)])).toEqual([]);
  });
});

describe('the detector', () => {
  const row = (route: string, failures: number, more: object = {}): object => ({
    leg: 'switch',
    service: 'voice',
    node: 'msc-1',
    partner: 'acme',
    route,
    site: 's1',
    minutes: [noon, noon + minute],
    attempts: [20, 20],
    failures: [0, failures],
    usual_attempts: 10_000,
    usual_failures: 250,
    ...more,
  });

  it('says where, how much and since when, and whose customers to count', () => {
    const judged = judgeRows(callFailures, [row('R1', 16), row('R2', 0)]);
    expect(judged.filter(({ state }) => state === 'violation')).toMatchObject([
      {
        cell: { leg: 'switch', service: 'voice', partner: 'acme', route: 'R1' },
        observed: 0.8,
        beganAt: noon + minute,
        affected: {
          query: 'service-failures-customers',
          params: { route: 'R1', partner: '', began: new Date(noon + minute).toISOString() },
        },
      },
    ]);
    expect(judged.find(({ cell }) => cell['route'] === 'R2')?.state).toBe('ok');
  });

  it('needs no more than five failures where hardly any are usual', () => {
    const few = (failed: number): object => row('R1', failed, { attempts: [20, failed], usual_failures: 10 });
    const found = (failed: number): number =>
      judgeRows(callFailures, [few(failed), row('R2', 0)]).filter(({ state }) => state === 'violation').length;
    expect([found(4), found(5)]).toEqual([0, 1]);
  });

  it('says nothing below its limits or without a past', () => {
    expect(judgeRows(callFailures, [row('R1', 3), row('R2', 0)]).every(({ state }) => state === 'ok')).toBe(true);
    expect(judgeRows(callFailures, [row('R1', 16, { usual_attempts: 400 })]).map(({ state }) => state)).toEqual(['not_applicable']);
    expect(judgeRows(callFailures, [])).toEqual([]);
  });
});
