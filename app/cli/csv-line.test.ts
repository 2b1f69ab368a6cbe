import { expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

it('quotes texts, leaves numbers alone, and never begins a formula', () => {
  expect(csvLine(['=1+1', '@x', '-5', 2.5, 'a"b', '', '+49', '-x'])).toBe(`"'=1+1","'@x",-5,2.5,"a""b","","'+49","'-x"\n`);
});
