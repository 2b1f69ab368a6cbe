/** What can be asked for in SQL: tables and views with their columns and what they mean. */
import Type from 'typebox';
import { analystGrants } from '../../../sql/access.ts';
import { shared } from '../cache.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const sharedMs = 60_000;
const text = (description: string) => Type.String({ description });

const Table = Type.Object(
  {
    table: text('Table or view'),
    comment: text('What it holds'),
    columns: Type.Array(
      Type.Object({ name: text('Column'), type: text('ClickHouse type'), comment: text('What it means, with its unit') }),
    ),
  },
  { description: 'A table' },
);

interface Row {
  readonly table: string;
  readonly table_comment: string;
  readonly columns: readonly (readonly [name: string, type: string, comment: string])[];
}

/**
 * Columns of each table that analysts may read; undefined = all.
 * @example readable(['SELECT ON weir.usage', 'SELECT(a, b) ON weir.rejects']) // new Map([['usage', undefined], ['rejects', ['a', 'b']]])
 */
export function readable(grants: readonly string[]): ReadonlyMap<string, readonly string[] | undefined> {
  return new Map(
    grants.flatMap((grant) => {
      const [, columns, table] = /^SELECT(?:\(([^)]*)\))? ON \w+\.(\w+)$/.exec(grant) ?? [];
      return table === undefined ? [] : [[table, columns?.split(/,\s*/)] as const];
    }),
  );
}

export function tableRoutes(api: Api, { store, clock }: ApiContext): void {
  const may = readable(analystGrants());
  const tables = shared(clock, sharedMs, async () => {
    const rows = await store.rows<Row>('api-sql-tables', { database: store.database, tables: [...may.keys()] });
    return rows.map(({ table, table_comment, columns }) => ({
      table,
      comment: table_comment,
      columns: columns.flatMap(([name, type, comment]) => (may.get(table)?.includes(name) === false ? [] : [{ name, type, comment }])),
    }));
  });
  api.get(
    '/sql/tables',
    {
      schema: {
        tags: ['sql'],
        summary: 'Tables and views that can be asked for, with their columns and what they mean',
        response: answers({ 200: Type.Object({ items: Type.Array(Table) }, { description: 'All that analysts may read' }) }),
      },
    },
    async () => ({ items: await tables() }),
  );
}
