import { expect, it } from 'vitest';
import { calm, notApplicable } from '../../core/definition.ts';
import { createLacking } from './lacking.ts';

const minute = 60_000;
const window = { from: 0, to: minute };
const lacks = [notApplicable('q', {}, window, 'invoices')];

it('asks what lacked data again once something came, each time twice as long after the last time', () => {
  const lacking = createLacking(0);
  lacking.judged('N02', lacks);
  lacking.judged('S15', [calm({}, window)]);
  lacking.judged('N06', []);
  expect(lacking.due(10 * minute)).toBe(false);
  lacking.came();
  expect(lacking.due(minute - 1)).toBe(false);
  expect(lacking.due(minute)).toBe(true);
  expect(['N02', 'S15', 'N06'].filter(lacking.has)).toEqual(['N02', 'N06']);
  lacking.asked(minute);
  lacking.came();
  expect(lacking.due(3 * minute - 1)).toBe(false);
  expect(lacking.due(3 * minute)).toBe(true);
  lacking.asked(3 * minute);
  expect(lacking.due(100 * minute)).toBe(false);
  lacking.came();
  expect(lacking.due(7 * minute)).toBe(true);
  lacking.judged('N02', [calm({}, window)]);
  lacking.judged('N06', [calm({}, window)]);
  expect(lacking.due(7 * minute)).toBe(false);
});
