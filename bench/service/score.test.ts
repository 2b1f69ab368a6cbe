import { expect, it } from 'vitest';
import type { Truth } from '../../simulator/index.ts';
import { fits, score, type Told } from './score.ts';

const minute = 60_000;
const truth = (scope: Record<string, string>, more: Partial<Truth> = {}): Truth => ({
  ...{ scenario: 'x', nature: 'fault', control: '', also: [], scope, from: 100 * minute, to: 140 * minute, onset: 'once', share: 0 },
  ...{ records: 1, money: 0, class: 'leakage', currency: 'USD', customers: 100, firstAt: 100 * minute + 30_000 },
  ...more,
});
const told = (scope: Record<string, string>, openedAt: number, more: Partial<Told> = {}): Told => ({
  ...{ id: `${openedAt}`, openedAt, detector: 'd', title: '', summary: '', scope, customers: 98, merged: false },
  ...more,
});

it('takes an incident for a fault when all of its places are of the fault', () => {
  const pon = truth({ pon: 'olt-1/3', node: 'olt-1' });
  expect(fits({ pon: 'olt-1/3' }, pon)).toBe(true);
  expect(fits({ ont: 'olt-1/3/7' }, pon)).toBe(true);
  expect(fits({ ont: 'olt-1/31/7' }, pon)).toBe(false);
  expect(fits({ pon: 'olt-1/4' }, pon)).toBe(false);
  expect(fits({ leg: 'switch' }, pon)).toBe(false);
  const site = truth({ site: 's1' });
  expect(fits({ cell: 'c1' }, site)).toBe(false);
  expect(fits({ cell: 'c1', leg: 'switch' }, site, (name, value) => name === 'cell' && value === 'c1')).toBe(true);
});

it('measures from the first affected minute, and customers by the incident at the place', () => {
  const { faults, falseOnes, related } = score(
    [told({ pon: 'p' }, 102 * minute), told({ ont: 'p/1' }, 101 * minute, { customers: 1 }), told({ leg: 'switch' }, 110 * minute)],
    [truth({ pon: 'p' })],
  );
  expect(faults[0]).toMatchObject({ delayMs: minute, incident: { customers: 98 } });
  expect(faults[0]?.customersError).toBeCloseTo(-0.02, 6);
  expect([falseOnes.length, related]).toEqual([0, 2]);
});

it('measures what grows from when it matters, too', () => {
  const { faults } = score([told({ pon: 'p' }, 125 * minute)], [truth({ pon: 'p' }, { onset: 'drift', materialAt: 120 * minute + 5000 })]);
  expect(faults[0]).toMatchObject({ delayMs: 25 * minute, materialDelayMs: 5 * minute });
});

it('leaves out what was not seen to its end, and does not take its incident for one about nothing', () => {
  const { faults, falseOnes, related } = score([told({ pon: 'p' }, 110 * minute)], [truth({ pon: 'p' })], undefined, 130 * minute);
  expect([faults.length, falseOnes.length, related]).toEqual([0, 0, 1]);
});

it('counts what is missed, and what is about nothing', () => {
  const { faults, falseOnes } = score(
    [told({ pon: 'q' }, 110 * minute), told({ pon: 'p' }, 500 * minute), told({ pon: 'r' }, 110 * minute, { merged: true })],
    [truth({ pon: 'p' }), truth({}, { nature: 'innocent' })],
  );
  expect(faults).toMatchObject([{ incident: undefined }]);
  expect(falseOnes.map(({ scope }) => scope['pon'])).toEqual(['q', 'p']);
});
