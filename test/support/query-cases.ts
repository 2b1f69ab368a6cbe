/** What boards ask, over a real ClickHouse with the simulated operator in it: cases of the test of the boards, which has that operator already. */
import { describe, expect, it } from 'vitest';
import type { QueryResult } from '../../app/api/query/run.ts';
import type { Operator } from './operator.ts';

interface Answered {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly result: QueryResult;
}

/** Declares the cases. @param operator as it runs */
export function queryCases(operator: () => Operator): void {
  async function ask(query: object, options: { filters?: object[]; from?: number; to?: number } = {}): Promise<Answered> {
    const body = {
      from: options.from ?? operator().to - 86_400_000,
      to: options.to ?? operator().to,
      intervalMs: 900_000,
      filters: options.filters ?? [],
      queries: [{ refId: 'A', ...query }],
    };
    const response = await fetch(`${operator().url}/api/v1/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator().token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { results?: Record<string, QueryResult>; message?: string };
    expect(response.status, answer.message).toBe(200);
    const result = answer.results!['A']!;
    const frame = result.frames[0];
    const fields = frame?.schema.fields ?? [];
    const length = frame?.data.values[0]?.length ?? 0;
    const rows = Array.from({ length }, (_, index) =>
      Object.fromEntries(fields.map(({ name }, at) => [name, frame!.data.values[at]![index]])),
    );
    return { names: fields.map(({ name }) => name), types: fields.map(({ type }) => type), rows, result };
  }

  /** One figure out of the database. */
  async function figure(sql: string): Promise<number> {
    const [row] = await operator().clickhouse.store.select<{ n: string | number }>(sql);
    return Number(row?.n);
  }

  describe('KPI', () => {
    it('are what the records say, with a band and the week before', async () => {
      const { names, types, rows, result } = await ask({
        type: 'kpi',
        metric: 'usage_records',
        band: true,
        compare: true,
        filters: [{ key: 'leg', operator: '=', value: 'switch' }],
      });
      expect(names).toEqual(['time', 'value', 'last_week', 'expected', 'lower', 'upper']);
      expect(types).toEqual(['time', ...Array(5).fill('number')]);
      expect(rows.length).toBeGreaterThan(80);
      const times = rows.map(({ time }) => Number(time));
      expect(times).toEqual([...times].sort((a, b) => a - b));
      const [first, last] = [times[0]! / 1000, times.at(-1)! / 1000 + 900];
      const stored = await figure(
        `SELECT count() AS n FROM weir.usage WHERE leg = 'switch' AND start_time >= toDateTime(${first}) AND start_time < toDateTime(${last})`,
      );
      const summed = rows.reduce((sum, { value }) => sum + Number(value), 0);
      // Rejected records are in the rollup as far as they can be told, duplicates in both.
      expect(summed).toBeGreaterThanOrEqual(stored);
      expect(summed).toBeLessThan(stored * 1.2 + 50);
      const inside = rows.filter(({ value, lower, upper }) => Number(value) >= Number(lower) && Number(value) <= Number(upper));
      expect(inside.length / rows.length).toBeGreaterThan(0.8);
      expect(result.frames[0]?.schema.meta?.executedQueryString).toContain('FROM `usage_minute`');
    });

    it('are cut by dimensions, the largest first, and filtered', async () => {
      const cut = await ask({
        type: 'kpi',
        metric: 'answer_ratio',
        dimensions: ['partner'],
        limit: 2,
        filters: [{ key: 'service', operator: '=|', values: ['voice'] }],
      });
      expect(cut.result.frames).toHaveLength(2);
      for (const { schema, data } of cut.result.frames) {
        expect(schema.fields[1]?.config?.['unit']).toBe('percentunit');
        for (const value of data.values[1]!) if (value !== null) expect(value).toBeLessThanOrEqual(1);
      }
      const total = await ask({
        type: 'kpi',
        metric: 'usage_charge',
        dimensions: ['plan', 'service'],
        format: 'total',
        compare: true,
        limit: 200,
      });
      expect(total.names).toEqual(['plan', 'service', 'value', 'last_week', 'change']);
      const summed = total.rows.reduce((sum, { value }) => sum + Number(value), 0);
      const stored = await figure(
        `SELECT toFloat64(sum(charge)) AS n FROM weir.usage_minute WHERE minute >= toDateTime(${operator().to / 1000 - 86_400}) AND minute < toDateTime(${operator().to / 1000})`,
      );
      expect(summed).toBeCloseTo(stored, 3);
      const adhoc = await ask(
        { type: 'kpi', metric: 'usage_records', format: 'total', dimensions: ['service'] },
        { filters: [{ key: 'service', operator: '!=', value: 'data' }] },
      );
      expect(adhoc.rows.map(({ service }) => service).sort()).toEqual(['sms', 'voice']);
    });

    it('of the catalogue are what its own route says, now and a week before', async () => {
      const week = 7 * 86_400_000;
      const to = Math.floor(operator().to / 3_600_000) * 3_600_000 - 6 * 3_600_000;
      const from = to - 86_400_000;
      const route = async (back: number): Promise<Map<string, number | null>> => {
        const [begin, end] = [from - back, to - back].map((at) => new Date(at).toISOString());
        const response = await fetch(`${operator().url}/api/v1/kpis/asr?from=${begin}&to=${end}&by=partner`, {
          headers: { authorization: `Bearer ${operator().token}` },
        });
        const { groups } = (await response.json()) as { groups: { labels: { partner: string }; total: { value: number | null } }[] };
        return new Map(groups.map(({ labels, total }) => [labels.partner || '(none)', total.value]));
      };
      const total = await ask(
        { type: 'kpi', metric: 'asr', dimensions: ['partner'], format: 'total', compare: true, limit: 3 },
        { from, to },
      );
      expect(total.names).toEqual(['partner', 'value', 'last_week', 'change']);
      expect(total.rows).toHaveLength(3);
      const [now, before] = [await route(0), await route(week)];
      for (const { partner, value, last_week } of total.rows as { partner: string; value: number; last_week: number | null }[]) {
        expect(value, partner).toBeCloseTo(now.get(partner)!, 9);
        if (last_week !== null) expect(last_week, partner).toBeCloseTo(before.get(partner)!, 9);
      }
      expect(total.rows.some(({ last_week }) => last_week !== null)).toBe(true);

      const query = { type: 'kpi', metric: 'asr', stepSeconds: 3600 };
      const shown = await ask({ ...query, compare: true, band: true }, { from, to });
      const earlier = await ask(query, { from: from - week, to: to - week });
      const values = new Map(earlier.rows.map(({ time, value }) => [Number(time) + week, value]));
      expect(shown.rows.some(({ last_week }) => last_week !== null)).toBe(true);
      for (const { time, last_week } of shown.rows) expect(last_week).toBe(values.get(Number(time)));
      expect(shown.rows.some(({ expected }) => expected !== null)).toBe(true);
    });

    it.each([
      [{ metric: 'nothing' }, 'no metric nothing'],
      [{ dimensions: ['x'] }, 'no dimension x'],
      [{ filters: [{ key: "leg' OR 1", operator: '=', value: '' }] }, 'no dimension'],
      [{ filters: [{ key: 'cell', operator: '~', value: '' }] }, 'operator ~'],
    ])('refuse %j', async (query, message) => {
      const { result } = await ask({ type: 'kpi', ...query });
      expect(result.error).toMatchObject({ error: 'usage', message: expect.stringContaining(message) });
    });
  });

  describe('incidents', () => {
    it('are listed, also as annotations, and shown in full', async () => {
      const open = await ask({ type: 'incidents', view: 'open' });
      expect(open.rows.length).toBeGreaterThan(2);
      for (const row of open.rows) expect(Number(row['timeEnd'])).toBeGreaterThanOrEqual(Number(row['time']));
      const id = String(open.rows[0]!['id']);
      const listed = await ask(
        { type: 'incidents', severities: [1, 2, 3, 4, 5], categories: ['revenue', 'data', 'service'] },
        { from: operator().from },
      );
      expect(listed.rows.map((row) => row['id'])).toContain(id);
      for (const view of ['summary', 'timeline', 'evidence', 'chart']) {
        const one = await ask({ type: 'incidents', view, incident: id }, { from: operator().from });
        expect(one.rows.length, view).toBeGreaterThan(0);
      }
      const { rows } = await ask({ type: 'incidents', view: 'performance' }, { from: operator().from, to: Date.now() + 60_000 });
      expect(rows[0]).toMatchObject({ severity: 'all', incidents: listed.rows.length });
      expect((await ask({ type: 'incidents', view: 'summary', incident: 'inc_none' })).result.error?.error).toBe('not_found');
    });
  });

  describe('reconciliation and accounting', () => {
    it('are tables', async () => {
      const runs = await ask({ type: 'reconciliation' }, { from: operator().from });
      expect(runs.rows.length).toBeGreaterThan(0);
      for (const { agreement } of runs.rows.filter(({ state }) => state === 'done')) expect(Number(agreement)).toBeGreaterThan(0.5);
      for (const view of ['causes', 'breaks'])
        expect((await ask({ type: 'reconciliation', view }, { from: operator().from })).result.error, view).toBeUndefined();
      const sources = await ask({ type: 'accounting' });
      for (const row of sources.rows) expect(row).toMatchObject({ missing: 0, balanced: true, proved: true });
      expect(sources.rows.length).toBeGreaterThan(5);
      const now = Date.now() + 60_000;
      const flow = await ask({ type: 'accounting', view: 'flow', sources: ['rating'] }, { from: now - 3_600_000, to: now });
      expect(flow.names).toEqual(['time', 'read', 'stored', 'rejected', 'dropped']);
      expect(flow.rows.length).toBeGreaterThan(0);
      expect((await ask({ type: 'accounting', view: 'rejects' })).rows[0]).toMatchObject({ source: 'rating', reason: 'bad_time' });
      expect((await ask({ type: 'accounting', view: 'completeness' })).rows.length).toBeGreaterThan(3);
    });
  });

  describe('SQL', () => {
    it('takes macros, gives series and tables, and runs as the analyst', async () => {
      const sql =
        'SELECT $__timeInterval(minute) AS time, service, sum(records) AS n FROM usage_minute WHERE $__timeFilter(minute) AND $__adhocFilters GROUP BY time, service ORDER BY time';
      const series = await ask({ type: 'sql', format: 'series', sql }, { filters: [{ key: 'leg', operator: '=', value: 'switch' }] });
      expect(series.result.frames.map(({ schema }) => schema.fields[1]?.labels?.['service']).sort()).toEqual(['data', 'sms', 'voice']);
      expect(series.result.frames[0]?.schema.meta?.executedQueryString).toContain("IN ('switch')");
      const table = await ask({ type: 'sql', sql: 'SELECT toUInt64(1) AS a, now() AS b' });
      expect([table.types, table.rows[0]?.['a']]).toEqual([['number', 'time'], 1]);
      expect(Math.abs(Number(table.rows[0]?.['b']) - Date.now())).toBeLessThan(120_000);
    });

    it.each([
      ['INSERT INTO usage (tenant) VALUES (1)', 'query_refused'],
      ['SELECT raw FROM rejects', 'query_refused'],
      ['SELECT * FROM audit', 'query_refused'],
      ["SELECT * FROM url('http://127.0.0.1/', CSV)", 'query_refused'],
      ['SELECT 1; DROP TABLE usage', 'query_refused'],
      ['SELECT 1 SETTINGS max_execution_time = 0', 'query_refused'],
      ['SELECT throwIf(number > 100000) FROM numbers(1000000)', 'query_refused'],
      ['SELECT $__nothing', 'usage'],
    ])('%s is refused', async (sql, code) => {
      expect((await ask({ type: 'sql', sql })).result.error?.error).toBe(code);
    });

    it('has an error for each query; the others are answered', async () => {
      const body = {
        from: operator().from,
        to: operator().to,
        queries: [
          { refId: 'A', type: 'sql', sql: 'SELECT nonsense' },
          { refId: 'B', type: 'sql', sql: 'SELECT 1' },
        ],
      };
      const response = await fetch(`${operator().url}/api/v1/query`, {
        method: 'POST',
        headers: { authorization: `Bearer ${operator().token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const { results } = (await response.json()) as { results: Record<string, QueryResult> };
      expect([results['A']?.error?.error, results['B']?.frames[0]?.data.values]).toEqual(['query_refused', [[1]]]);
    });
  });

  describe('values', () => {
    it.each(['metrics', 'dimensions', 'detectors', 'incidents', 'sources', 'comparisons', 'controls', 'leg', 'partner', 'cell'])(
      'of %s',
      async (of) => {
        const { names, rows } = await ask({ type: 'values', of });
        expect(names).toEqual(['text', 'value']);
        expect(rows.length).toBeGreaterThan(0);
      },
    );

    it('of nothing known are refused', async () => {
      expect((await ask({ type: 'values', of: 'x' })).result.error?.error).toBe('usage');
    });
  });
}
