/** The SQL in the documentation runs: the questions as the analyst, the queries of the how-to pages with their parameters. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runbooks } from '../../detectors/runbooks/index.ts';
import { exampleQueries } from '../../docs/generate/data-model.ts';
import { root } from '../../docs/generate/pages.ts';
import { analyst } from '../../sql/analyst.ts';
import { withClickHouse } from '../clickhouse.ts';

const clickhouse = withClickHouse();
const at = '2026-11-21 10:00:00.000';
const params = { tenant: 'main', sources: ['a'], source: 'a', leg: 'switch', partner: 'p', since: at, from: at, to: at };

describe('SQL in the documentation', () => {
  it.each(exampleQueries.map(({ asks, sql }) => [asks, sql] as const))('answers: %s', async (_, sql) => {
    const { server } = clickhouse;
    const asking = analyst({ url: server.url, password: server.credentials.analyst });
    try {
      expect((await asking.ask(sql)).columns.length).toBeGreaterThan(1);
    } finally {
      await asking.close();
    }
  });

  const steps = Object.values(runbooks).flatMap(({ prove, recover }) => [...prove, ...recover]);
  const typed = steps.flatMap((step) => [...step.matchAll(/npx weir sql "([^"]+)"/g)].map(([, sql]) => sql as string));

  it('answers what the runbooks ask', async () => {
    const { server } = clickhouse;
    const asking = analyst({ url: server.url, password: server.credentials.analyst });
    expect(typed.length).toBeGreaterThan(15);
    try {
      const failed: string[] = [];
      for (const sql of typed) await asking.ask(sql).catch((error: Error) => failed.push(`${sql}: ${error.message}`));
      expect(failed).toEqual([]);
    } finally {
      await asking.close();
    }
  });

  it.each([
    'control/control-zero-charge',
    'control/control-zero-charge-evidence',
    'detector/detect-answer-ratio',
    'detector/detect-answer-ratio-evidence',
  ])('runs the query of %s', async (name) => {
    const sql = readFileSync(`${root}/examples/${name}.sql`, 'utf8');
    expect(await clickhouse.store.select(sql, params)).toEqual([]);
  });
});
