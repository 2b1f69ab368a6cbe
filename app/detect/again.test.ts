import { expect, it } from 'vitest';
import { calm, notApplicable } from '../../core/definition.ts';
import { partialChains } from '../../detectors/controls/partial-chains.ts';
import { createAgain } from './again.ts';
import type { Occasion } from './run.ts';

const hour = 3_600_000;

it('a leg that never had what is needed is not judged again for late data; one that had it once is', () => {
  const again = createAgain('main', { firing: () => [] });
  const judge = (leg: string, at: number, able: boolean): void => {
    const window = { from: at * hour, to: (at + 1) * hour };
    const cell = { leg };
    const judgement = able ? calm(cell, window) : notApplicable('', cell, window, 'partial records');
    again.take(partialChains, { leg, window } as Occasion, [judgement], false);
  };
  for (const at of [0, 1]) judge('rating', at, false);
  expect(again.lacks(partialChains, 'rating')).toBe(false);
  judge('rating', 2, false);
  expect(again.lacks(partialChains, 'rating')).toBe(true);
  for (const at of [0, 1, 2]) judge('switch', at, at === 0);
  expect(again.lacks(partialChains, 'switch')).toBe(false);
  expect(again.lacks(partialChains, 'nobody')).toBe(false);
  // The next window has them: then late data may concern it, too.
  judge('rating', 3, true);
  expect(again.lacks(partialChains, 'rating')).toBe(false);
});
