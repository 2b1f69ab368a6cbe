import { expect, it } from 'vitest';
import { type Limit, limitOf, notApplicable } from './definition.ts';

const limits: readonly Limit[] = [{ name: 'z', default: 4, unit: 'z', min: 3, max: 9, description: '' }];

it('holds limits within their bounds', () => {
  expect(limitOf(limits, undefined, 'z')).toBe(4);
  expect(limitOf(limits, { z: 99 }, 'z')).toBe(9);
  expect(limitOf(limits, { z: 1 }, 'z')).toBe(3);
  expect(limitOf(limits, { z: Number.NaN }, 'z')).toBe(4);
  expect(() => limitOf(limits, {}, 'y')).toThrow('no limit is called y');
});

it('says what is missing', () => {
  expect(notApplicable('control-file-sequence', { source: 'web' }, { from: 0, to: 1 }, 'files with sequence numbers')).toMatchObject({
    state: 'not_applicable',
    note: 'not applicable, needs files with sequence numbers',
  });
});
