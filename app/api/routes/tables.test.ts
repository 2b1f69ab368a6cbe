import { expect, it } from 'vitest';
import { analystGrants } from '../../../sql/access.ts';
import { bearer, testApi } from '../context.fixture.ts';
import { readable } from './tables.ts';

it('the tables of analysts are those that they may read, of rejects without the bytes', async () => {
  expect(readable(['SELECT ON weir.usage', 'SELECT(a, b) ON weir.rejects'])).toEqual(
    new Map([
      ['usage', undefined],
      ['rejects', ['a', 'b']],
    ]),
  );
  const may = readable(analystGrants());
  expect(may.size).toBe(analystGrants().length);
  expect(may.get('rejects')).not.toContain('bytes');
  const { api } = await testApi({
    rows: {
      'api-sql-tables': [
        { table: 'usage', table_comment: 'Usage', columns: [['service', 'String', 'Service']] },
        {
          table: 'rejects',
          table_comment: 'Rejects',
          columns: [
            ['reason', 'String', 'Why'],
            ['bytes', 'String', 'The bytes'],
          ],
        },
      ],
    },
  });
  const answer = await api.inject({ url: '/api/v1/sql/tables', headers: bearer('reader') });
  expect(answer.json().items).toEqual([
    { table: 'usage', comment: 'Usage', columns: [{ name: 'service', type: 'String', comment: 'Service' }] },
    { table: 'rejects', comment: 'Rejects', columns: [{ name: 'reason', type: 'String', comment: 'Why' }] },
  ]);
  await api.close();
});
