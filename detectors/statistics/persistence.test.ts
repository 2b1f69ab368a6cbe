import { expect, test } from 'vitest';
import { persistence } from './persistence.ts';

test('two of three', () => {
  expect(persistence(0b10, true, 2, 3)).toEqual({ memory: 0b101, held: true });
  expect(persistence(0b101, false, 2, 3)).toEqual({ memory: 0b010, held: false });
});

test('thirty-one rows fit', () => {
  let memory = 0;
  for (let i = 0; i < 40; i++) memory = persistence(memory, true, 31, 31).memory;
  expect(persistence(memory, true, 31, 31).held).toBe(true);
  expect(persistence(memory, false, 31, 31).held).toBe(false);
});
