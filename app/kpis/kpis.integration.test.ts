/** Every KPI on a real ClickHouse: records go in as they are, figures come out as computed by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { bearer, type TestApi, testApi } from '../api/context.fixture.ts';

const clickhouse = withClickHouse();
const noon = Date.UTC(2026, 10, 21, 12);
const minute = 60_000;
let tested: TestApi;

let rows = 0;
const record = (more: object): object => ({
  tenant: 'main',
  source: 'test',
  partition: 'p',
  position: ++rows,
  record_id: `00000000-0000-0000-0000-${rows.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(noon + 10 * minute),
  ...more,
});

/** So many calls alike, all within the minute. */
const calls = (count: number, more: object): object[] =>
  Array.from({ length: count }, () =>
    record({ leg: 'switch', service: 'voice', partner: 'alder', route: 'r1', start_time: writeInstant(noon), ...more }),
  );

interface Value {
  readonly state: string;
  readonly value: number | null;
  readonly volume: number;
  readonly events: number | null;
  readonly standing: string;
}
interface Figures {
  readonly legs: readonly string[];
  readonly groups: readonly {
    readonly labels: Record<string, string>;
    readonly total: Value;
    readonly points: readonly (Value & { at: string })[];
  }[];
  readonly more: number;
}

const get = (path: string) => tested.api.inject({ url: `/api/v1${path}`, headers: bearer('reader') });
const ask = async (path: string): Promise<Figures> => {
  const answer = await get(path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const window = `from=${new Date(noon).toISOString()}&to=${new Date(noon + 3 * minute).toISOString()}`;
const total = async (name: string, more = ''): Promise<Value> => (await ask(`/kpis/${name}?${window}${more}`)).groups[0]!.total;

beforeAll(async () => {
  const { store } = clickhouse;
  tested = await testApi({ store });
  const answered = { answered: true, billable_seconds: 90, duration_seconds: 100 };
  await store.insert(
    'usage',
    [
      // 60 answered, of which 3 dropped; 15 busy, 10 network failures, 5 far-end congestion, 10 without circuit, 4 without cause.
      ...calls(57, { ...answered, cause: 16, cause_class: 'normal' }),
      ...calls(3, { ...answered, billable_seconds: 30, cause: 41, cause_class: 'network' }),
      ...calls(15, { cause: 17, cause_class: 'user' }),
      ...calls(10, { cause: 38, cause_class: 'network' }),
      ...calls(5, { cause: 42, cause_class: 'congestion' }),
      ...calls(10, { cause: 34, cause_class: 'congestion', route: '' }),
      ...calls(4, {}),
      // Another partner, below the minimum volume, a minute later; the same calls on another leg; another tenant.
      ...calls(20, { ...answered, partner: 'beacon', route: 'r2', cause_class: 'normal', start_time: writeInstant(noon + minute) }),
      ...calls(200, { leg: 'rating', ...answered }),
      ...calls(300, { tenant: 'other', cause_class: 'network' }),
    ],
    'usage',
  );
});
afterAll(() => tested?.api.close());

describe('voice', () => {
  const only = '&partner=alder';
  it('ASR, ABR: 60 answered of 94 seizures and 104 bids; attempts without a circuit are bids only', async () => {
    // The ten without a circuit state no route, but the partner.
    expect(await total('asr', only)).toMatchObject({ state: 'ok', value: 60 / 94, volume: 94, events: 60, standing: 'good' });
    expect(await total('abr', only)).toMatchObject({ value: 60 / 104, volume: 104, events: 60 });
  });

  it('NER, CSSR: 60 answered and 15 busy of what states its cause', async () => {
    expect(await total('ner', only)).toMatchObject({ value: 75 / 90, volume: 90, events: 75, standing: 'poor' });
    expect(await total('cssr', only)).toMatchObject({ value: 75 / 100, volume: 100, events: 75, standing: 'poor' });
  });

  it('ACD and drop rate: (57 x 90 s + 3 x 30 s) / 60; 3 of 60', async () => {
    expect(await total('acd', only)).toMatchObject({ value: (57 * 90 + 3 * 30) / 60, volume: 60, events: null, standing: 'unrated' });
    expect(await total('drop_rate', only)).toMatchObject({ value: 3 / 60, volume: 60, events: 3, standing: 'poor' });
  });

  it('legs are never added up: the nearest to the network, or the one asked for, or each by itself', async () => {
    const best = await ask(`/kpis/asr?${window}`);
    expect(best.legs).toEqual(['switch']);
    expect(best.groups[0]!.total.volume).toBe(114);
    expect(await total('asr', '&leg=rating')).toMatchObject({ value: 1, volume: 200 });
    expect((await ask(`/kpis/asr?${window}&by=leg`)).groups.map(({ labels, total: { volume } }) => [labels['leg'], volume])).toEqual([
      ['rating', 200],
      ['switch', 114],
    ]);
  });

  it('groups come with the largest first; too few have no value; steps without traffic have no data', async () => {
    const { groups } = await ask(`/kpis/ner?${window}&by=partner,route&step=60`);
    expect(groups.map(({ labels, total: { state, value, volume } }) => [labels, state, value, volume])).toEqual([
      [{ partner: 'alder', route: 'r1' }, 'ok', 75 / 90, 90],
      [{ partner: 'beacon', route: 'r2' }, 'too_few', null, 20],
    ]);
    expect(groups.map(({ points }) => points.map(({ state, value, events }) => [state, value, events]))).toEqual([
      [
        ['ok', 75 / 90, 75],
        ['no_data', null, 0],
        ['no_data', null, 0],
      ],
      [
        ['no_data', null, 0],
        ['too_few', null, 20],
        ['no_data', null, 0],
      ],
    ]);
    const one = await ask(`/kpis/ner?${window}&by=partner&limit=1`);
    expect([one.groups.length, one.more]).toEqual([1, 1]);
  });

  it('whole hours are read from the rollup by hour, with the same result', async () => {
    const hours = `from=${new Date(noon).toISOString()}&to=${new Date(noon + 120 * minute).toISOString()}`;
    const { groups } = await ask(`/kpis/ner?${hours}&partner=alder&step=3600`);
    expect(groups[0]!.points.map(({ value, volume }) => [value, volume])).toEqual([
      [75 / 90, 90],
      [null, 0],
    ]);
  });
});

describe('what is asked', () => {
  it('no traffic at all is no data, not 0', async () => {
    const { groups, legs } = await ask(`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`);
    expect(legs).toEqual([]);
    expect(groups).toMatchObject([{ labels: {}, total: { state: 'no_data', value: null, volume: 0, events: 0 } }]);
    expect((await ask(`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&by=partner`)).groups).toEqual([]);
  });

  it.each([
    [`/kpis/asr?${window}&by=subscriber`, 400],
    [`/kpis/asr?${window}&by=partner,partner`, 400],
    [`/kpis/asr?${window}&by=partner%3B+DROP+TABLE+usage`, 400],
    [`/kpis/asr?${window}&step=61`, 400],
    [`/kpis/asr?${window}&limit=1000000`, 400],
    [`/kpis/asr?${window}&subscriber=1`, 400],
    [`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`, 400],
    [`/kpis/asr?from=1900-01-01T00:00:00Z&to=2026-01-01T00:00:00Z`, 400],
    [`/kpis/asr?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z&step=60`, 400],
    [`/kpis/nothing`, 404],
    [`/kpis/..%2F..%2Fetc`, 404],
    [`/kpis/${'a'.repeat(100)}`, 400],
  ])('%s is refused', async (path, status) => {
    const answer = await get(path);
    expect(answer.statusCode, answer.body).toBe(status);
    expect(answer.json()).toHaveProperty('hint');
  });

  it('hostile values are values', async () => {
    for (const evil of ["' OR 1=1 --", "a\\'b", '\0', '{x:String}', '😀'])
      expect((await ask(`/kpis/asr?${window}&by=partner&partner=${encodeURIComponent(evil)}`)).groups).toEqual([]);
  });
});
