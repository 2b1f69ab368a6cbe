import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { duplicates } from './duplicates.ts';
import { instantOfTests, judgeRows } from './evaluation.fixture.ts';

const row = (more: object = {}): object => ({
  what: 'records',
  source: 'sbc',
  file: 'b.csv',
  at: writeInstant(instantOfTests),
  records: '20000',
  repeated: '0',
  charge: '0',
  subscribers: '0',
  samples: [],
  began_at: writeInstant(instantOfTests - 600_000),
  event_from: writeInstant(instantOfTests - 900_000),
  event_to: writeInstant(instantOfTests - 600_000),
  ...more,
});

const judge = (more: object) => judgeRows(duplicates, [row(more)])[0]!;

it('is ok without repeats', () => {
  expect(judge({})).toMatchObject({ state: 'ok', observed: 0 });
});

it('border: 0.01 % of the batch may repeat, more is a violation with the charge of the repeats and their customers', () => {
  expect(judge({ repeated: '2', charge: '1' }).state).toBe('ok');
  expect(judge({ repeated: '3', charge: '1.5', subscribers: '2', samples: ['id'] })).toMatchObject({
    state: 'violation',
    observed: 3,
    statistic: 0.00015,
    money: { amount: '1.5', class: 'over_charge' },
    customers: { count: 2 },
    samples: ['id'],
  });
});

it('any file that came again is a violation, at risk is what its records are worth', () => {
  const found = judge({ what: 'file', repeated: '1', records: '70', samples: ['abc', 'a.csv'] });
  expect(found).toMatchObject({
    title: 'sbc: file b.csv came again (replay)',
    valued: { records: 70, class: 'risk', params: { file: 'a.csv' } },
  });
  expect(found).toMatchObject({ state: 'violation', observed: 1, unit: 'files', evidence: { params: { sha256: 'abc' } } });
  expect(found.money).toBeUndefined();
});

it('repeats without a charge are valued by what other legs charged for them', () => {
  const found = judge({ repeated: '20000' });
  expect(found.money).toBeUndefined();
  expect(found.valued).toMatchObject({ known: 'repeats', records: 20000, class: 'over_charge', perhaps: true });
});

it('missing data: says why there are no customers', () => {
  expect(judge({ repeated: '20000', charge: '5', subscribers: '0' }).note).toBe('customers not known: the repeats name no subscriber');
});

it('a batch judged twice is the same cell; two batches add up in the summary', () => {
  const [first, second] = [judge({ repeated: '30' }), judge({ repeated: '12', at: writeInstant(instantOfTests + 1) })];
  expect(judge({ repeated: '30' }).cell).toEqual(first!.cell);
  expect(second!.cell).not.toEqual(first!.cell);
  expect(duplicates.summarise!([first!, second!])).toContain('42 records in 2 batches of sbc');
  expect(duplicates.entitle!([first!, second!])).toBe('sbc: 42 records came twice');
});

it('missing data: a source that brought no usage record and no file again', () => {
  expect(judgeRows(duplicates, [row()], { sources: ['sbc', 'crm'] })).toMatchObject([
    { state: 'ok', cell: { source: 'sbc' } },
    { state: 'not_applicable', cell: { source: 'crm' }, note: 'not applicable, needs usage records with a business key, or files' },
  ]);
});
