import { expect, it } from 'vitest';
import { createPages } from './pages.ts';

interface Insert {
  readonly table: string;
  readonly rows: readonly object[];
  readonly token: string;
}

function pagesOf(fails: () => boolean = () => false) {
  const inserts: Insert[] = [];
  const pages = createPages(
    {
      insert: async (table, rows, token) => {
        inserts.push({ table, rows, token });
        if (fails()) throw new Error('away');
      },
    },
    't',
  );
  return { pages, inserts };
}

it('stores what several brought at once, each table by itself', async () => {
  const { pages, inserts } = pagesOf();
  await pages.add('scores', [{ n: 1 }]);
  await pages.add('watermarks', [{ n: 2 }]);
  await pages.add('scores', [{ n: 3 }]);
  expect(inserts).toEqual([]);
  await pages.flush();
  await pages.flush();
  expect(inserts.map(({ table, rows }) => [table, rows])).toEqual([
    ['scores', [{ n: 1 }, { n: 3 }]],
    ['watermarks', [{ n: 2 }]],
  ]);
  expect(new Set(inserts.map(({ token }) => token)).size).toBe(2);
});

it('sends a page that failed again as it was, under its token, and what came since after it', async () => {
  let away = true;
  const { pages, inserts } = pagesOf(() => away);
  await pages.add('scores', [{ n: 1 }]);
  await expect(pages.flush()).rejects.toThrow('away');
  await pages.add('scores', [{ n: 2 }]);
  away = false;
  await pages.flush();
  expect(inserts.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 1 }], [{ n: 2 }]]);
  expect(inserts[1]!.token).toBe(inserts[0]!.token);
  expect(inserts[2]!.token).not.toBe(inserts[0]!.token);
});

it('stores a full page without being asked', async () => {
  const { pages, inserts } = pagesOf();
  await pages.add(
    'series',
    Array.from({ length: 20_000 }, (_, n) => ({ n })),
  );
  expect(inserts.map(({ rows }) => rows.length)).toEqual([20_000]);
});
