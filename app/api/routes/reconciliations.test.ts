import { describe, expect, it } from 'vitest';
import { bearer, testApi } from '../context.fixture.ts';

const zeros = '00000000-0000-0000-0000-000000000000';
const record = (n: number): string => `00000000-0000-0001-0000-00000000000${n}`;

const run = {
  id: 'S08|switch-rating',
  control: 'S08',
  comparison: 'switch-rating',
  run: '7',
  window_from: '2026-11-20 00:00:00.000',
  window_to: '2026-11-21 00:00:00.000',
  finished_at: '2026-11-21 02:00:00.000',
  ...{
    records_a: '60',
    records_b: '56',
    exact: '51',
    within_tolerance: '0',
    settled: '0',
    mismatch: '5',
    a_only: '4',
    b_only: '0',
    took_ms: '120',
  },
};

async function ask(url: string, rows: Readonly<Record<string, readonly object[]>> = {}) {
  const { api } = await testApi({ rows });
  const answer = await api.inject({ url: `/api/v1${url}`, headers: bearer('reader') });
  await api.close();
  return answer;
}

describe('reconciliations', () => {
  it('are windows with numbers and instants, page by page', async () => {
    const rows = { 'api-reconciliations': [run, { ...run, window_from: '2026-11-19 00:00:00.000' }] };
    const { items, next } = (await ask('/reconciliations?limit=1', rows)).json();
    expect(items).toEqual([expect.objectContaining({ mismatch: 5, a_only: 4, run: '7', window_from: '2026-11-20T00:00:00.000Z' })]);
    expect(items[0]).not.toHaveProperty('id');
    expect(Buffer.from(next, 'base64url').toString()).toBe('2026-11-20 00:00:00.000|S08|switch-rating');
  });

  it('have breaks by their amount, with a cursor of this list', async () => {
    const row = { id: 'ab', rank: '200000', class: 'mismatch', start_a: '2026-11-20 10:00:00.000', start_b: '1970-01-01 00:00:00.000' };
    const units = { ms_a: '60000', ms_b: '30000', octets_a: '0', octets_b: '0', events_a: '0', events_b: '0' };
    const rows = {
      'api-reconciliation-breaks': [
        { ...row, ...units },
        { ...row, ...units, id: 'aa' },
      ],
    };
    const path = '/reconciliations/breaks?control=S08&comparison=switch-rating&run=7';
    const { items, next } = (await ask(`${path}&limit=1`, rows)).json();
    expect(items[0]).toMatchObject({ ms_a: 60_000, start_a: '2026-11-20T10:00:00.000Z', start_b: null });
    expect((await ask(`${path}&cursor=${next}`, rows)).statusCode).toBe(200);
    expect((await ask(`${path}&cursor=x`, rows)).json().error).toBe('usage');
  });

  it('end at two records, of which one may be missing', async () => {
    const path = `/reconciliations/pair?record_a=${record(1)}&record_b=${zeros}&leg_a=switch&leg_b=rating&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z`;
    const rows = { 'api-usage-pair': [{ record_id: record(1), billable_seconds: 60 }] };
    expect((await ask(path, rows)).json()).toEqual({ a: { record_id: record(1), billable_seconds: 60 }, b: null });
  });

  it.each([
    '/reconciliations?control=x%20y',
    '/reconciliations/causes?control=S08&comparison=a',
    '/reconciliations/breaks?control=S08&comparison=a&run=1&class=exact',
    '/reconciliations/breaks?control=S08&comparison=a&run=-1',
    `/reconciliations/pair?record_a=1&record_b=${zeros}&leg_a=a&leg_b=b&from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z`,
  ])('refuse %s', async (path) => {
    expect((await ask(path)).json().error).toBe('usage');
  });
});

describe('controls', () => {
  it('stand with what they last said, and each says what it means', async () => {
    const last = {
      control: 'S01',
      state: 'violation',
      cells: '4',
      violations: '1',
      leakage: '12.50',
      over_charge: null,
      risk: null,
      currency: 'EUR',
    };
    const { items } = (
      await ask('/controls', { 'controls-latest': [{ ...last, judged_at: '2026-11-21 10:00:00.000', note: 'file 3 missing' }] })
    ).json();
    expect(items.length).toBeGreaterThan(20);
    expect(items.find(({ identity }: { identity: string }) => identity === 'S01')).toMatchObject({
      state: 'violation',
      note: 'file 3 missing',
      last,
    });
    const page = (await ask('/controls/S01')).json();
    expect(page).toMatchObject({ identity: 'S01', title: 'File sequence gap' });
    expect(page.prove.length).toBeGreaterThan(0);
    expect(page.limits.length).toBeGreaterThan(0);
    expect((await ask('/controls/S99')).json().error).toBe('not_found');
    expect((await ask('/controls/a%2Fb')).json().error).toBe('usage');
  });
});
