import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { judgeRows, instantOfTests as now } from './evaluation.fixture.ts';
import { fetch, shapeChanges } from './fetch.ts';

const minute = 60_000;

const run = (more: object = {}): object => ({
  source: 'back',
  place: 'postgres://db:5432/crm',
  type: 'sql',
  state: 'ok',
  code: '',
  error: '',
  due_at: writeInstant(now - 5 * minute),
  next_due_at: writeInstant(now + 10 * minute),
  ok_at: writeInstant(now - 5 * minute),
  failing_since: writeInstant(0),
  recent_rows: ['100', '102', '98', '101'],
  columns: ['id bigint', 'plan text'],
  columns_before: [],
  shape_since: writeInstant(now - minute),
  ...more,
});

const check = (name: string, more: object = {}, of = {}) => judgeRows(fetch, [run(more)], of).find(({ cell }) => cell['check'] === name)!;

it('is calm when all is well', () => {
  expect(judgeRows(fetch, [run()]).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
});

it('away: a failure counts once it has lasted, and says why', () => {
  const failed = (minutes: number) => ({
    state: 'failed',
    code: 'source_unreachable',
    error: 'sftp://a:22: ECONNREFUSED',
    failing_since: writeInstant(now - minutes * minute),
  });
  expect(check('away', failed(14)).state).toBe('waiting');
  expect(check('away', failed(15))).toMatchObject({ state: 'violation', observed: 900, title: 'back: nothing fetched for 15 min' });
  expect(check('away', failed(60)).summary).toContain('ECONNREFUSED');
});

it('late: border at ten minutes behind the schedule; looks at files are never late here', () => {
  expect(check('late', { next_due_at: writeInstant(now - 10 * minute) }).state).toBe('ok');
  expect(check('late', { next_due_at: writeInstant(now - 10 * minute - 1000) })).toMatchObject({ state: 'violation', observed: 601 });
  expect(check('late', { type: 'sftp', next_due_at: writeInstant(now - 600 * minute) }).state).toBe('ok');
});

it('rows: border at half of the median; nothing at all; a short or sometimes empty history decides nothing', () => {
  expect(check('rows', { recent_rows: ['50', '100', '100', '100'] }).state).toBe('ok');
  expect(check('rows', { recent_rows: ['49', '100', '100', '100'] })).toMatchObject({
    state: 'violation',
    expected: 100,
    title: 'back: 49 rows in place of 100',
  });
  expect(check('rows', { recent_rows: ['0', '100', '90', '100'] })).toMatchObject({
    state: 'violation',
    title: 'back: the query gives nothing',
  });
  expect(check('rows', { recent_rows: ['0', '100', '90'] }).state).toBe('ok');
  expect(check('rows', { recent_rows: ['0', '100', '0', '90'] }).state).toBe('ok');
});

it('shape: says what changed, and lets a new shape be after a day', () => {
  const other = { columns_before: ['id int', 'plan text', 'old text'], columns: ['id bigint', 'plan text', 'segment text'] };
  const found = check('shape', other);
  expect(found).toMatchObject({ state: 'violation', observed: 3, title: 'back: other columns (id: int is now bigint, …)' });
  expect(found.summary).toContain('id: int is now bigint; new column segment text; old is gone');
  expect(check('shape', { ...other, shape_since: writeInstant(now - 25 * 60 * minute) }).state).toBe('ok');
  expect(shapeChanges(['a int', 'b int'], ['b int', 'a int'])).toEqual(['columns in another order']);
});
