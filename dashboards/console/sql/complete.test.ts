import { expect, it } from 'vitest';
import { complete } from './complete.ts';
import { tablesWith } from './Tables.tsx';

const column = (name: string, comment = '') => ({ name, type: 'String', comment });
const tables = [
  { table: 'usage', comment: '', columns: [column('service'), column('session_id', 'Session of the network'), column('start_time')] },
  { table: 'usage_hour', comment: '', columns: [column('hour')] },
  { table: 'series', comment: '', columns: [column('series_key')] },
];
const done = (text: string) => {
  const at = text.indexOf('|');
  const result = complete(text.replace('|', ''), at, tables);
  return result && { text: `${result.sql.slice(0, result.at)}|${result.sql.slice(result.at)}`, others: result.others };
};

it('a name is completed from the tables, and from the columns of those that the statement names', () => {
  expect(done('SELECT 1 FROM usag|')).toEqual({ text: 'SELECT 1 FROM usage|', others: ['usage_hour'] });
  expect(done('SELECT se| FROM usage')).toEqual({ text: 'SELECT service| FROM usage', others: ['session_id', 'series'] });
  expect(done('SELECT series_| FROM usage')).toBeUndefined();
  expect(done('SELECT ho| FROM usage_hour')?.text).toBe('SELECT hour| FROM usage_hour');
  expect(done('SELECT |')).toBeUndefined();
});

it('tables are found by name, and columns by name and meaning', () => {
  expect(tablesWith(tables, 'hour').map(({ table }) => table)).toEqual(['usage_hour']);
  expect(tablesWith(tables, 'network')).toMatchObject([{ table: 'usage', columns: [{ name: 'session_id' }] }]);
  expect(tablesWith(tables, ' ')).toBe(tables);
});
