import { expect, it } from 'vitest';
import { createAsked } from './asked.ts';

it('asks once for definitions in a row that ask the same, and again for another question', async () => {
  const asked = createAsked();
  const questions: string[] = [];
  const ask = (query: string, params: object) =>
    asked.answer(query, params, async () => {
      questions.push(query);
      return [{ query }];
    });
  expect(await ask('silence', { at: 1 })).toEqual([{ query: 'silence' }]);
  expect(await ask('silence', { at: 1 })).toEqual([{ query: 'silence' }]);
  expect(questions).toEqual(['silence']);
  await ask('silence', { at: 2 });
  await ask('status', { at: 2 });
  await ask('silence', { at: 2 });
  expect(questions).toEqual(['silence', 'silence', 'status', 'silence']);
});

it('keeps no answer of a question that failed', async () => {
  const asked = createAsked();
  await expect(asked.answer('status', {}, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await asked.answer('status', {}, async () => [{ value: 1 }])).toEqual([{ value: 1 }]);
});
