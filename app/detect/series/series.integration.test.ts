/** The series engine against a real ClickHouse: learning, a drop and its explanation, restart, late data, maintenance, shards. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../../core/finding.ts';
import { writeInstant } from '../../../core/row.ts';
import { seriesDefinitions } from '../../../detectors/series/index.ts';
import { withClickHouse } from '../../../test/clickhouse.ts';
import { backtest } from '../../backtest/backtest.ts';
import { parseSettings } from '../../settings/load.ts';
import { createBoard } from '../board.ts';
import { findingRow } from '../write.ts';
import { createSeriesEngine, type SeriesEngine } from './engine.ts';

const minute = 60_000;
const quarter = 15 * minute;
const hour = 60 * minute;
const day = 24 * hour;
/** A Wednesday. */
const end = Date.UTC(2026, 10, 18, 12);
const begin = end - 21 * day;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clickhouse = withClickHouse();

const partners = ['acme', 'beacon', 'cedar', 'delta'] as const;

/** Seeded uniform deviates. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
}

/** Usual records of a partner in a quarter of an hour. */
function usual(partner: number, time: number): number {
  const rhythm = 1 + 0.6 * Math.sin((2 * Math.PI * ((time % day) - 6 * hour)) / day);
  return (80 + 40 * partner) * rhythm;
}

/** Rows of usage_minute as the views would have made them. `factor` thins or multiplies. */
function rowsOf(
  tenant: string,
  from: number,
  to: number,
  factor: (partner: string, route: string, time: number) => number,
  seed = 1,
): object[] {
  const next = uniforms(seed);
  const rows: object[] = [];
  for (let time = from; time < to; time += quarter) {
    for (let partner = 0; partner < partners.length; partner++) {
      for (const route of ['r1', 'r2']) {
        const mean = (usual(partner, time) / 2) * factor(partners[partner]!, route, time);
        const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
        const records = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
        if (records === 0) continue;
        rows.push({
          tenant,
          leg: 'switch',
          service: 'voice',
          minute: writeInstant(time).slice(0, 19),
          partner: partners[partner],
          node: 'msc-1',
          route,
          records,
          answered: records,
          ingest_time: writeInstant(time + quarter),
        });
      }
    }
  }
  return rows;
}

/** Puts rows where the views would have, and says that their hours were touched. */
async function store(tenant: string, rows: readonly object[], token: string, at: number): Promise<void> {
  const { store: ch } = clickhouse;
  for (let from = 0; from < rows.length; from += 50_000)
    await ch.insert('usage_minute', rows.slice(from, from + 50_000), `${token}/${from}`);
  const hours = new Set((rows as { minute: string }[]).map((row) => row.minute.slice(0, 13)));
  const touched = [...hours].map((text) => ({
    tenant,
    table: 'usage',
    bucket: `${text}:00:00`,
    legs: ['switch'],
    records: 1,
    ingest_time: writeInstant(at),
  }));
  await ch.insert('changed_buckets', touched, `${token}/hours`);
}

const settingsOf = (tenant: string) => parseSettings(`tenant: ${tenant}\ncurrency: EUR\n`, 'test');
const volume = seriesDefinitions({}).definitions.filter(({ identity }) => identity === 'usage_volume');

interface Play {
  readonly engine: SeriesEngine;
  readonly said: Finding[];
  /** Brings the engine to an instant of event time, looking every quarter of an hour from `from` on. */
  to(from: number, to: number): Promise<void>;
  readonly firing: () => readonly Finding[];
}

function play(tenant: string, more: Partial<Parameters<typeof createSeriesEngine>[0]> = {}): Play {
  const board = createBoard(tenant, () => '');
  const said: Finding[] = [];
  const engine = createSeriesEngine({ store: clickhouse.store, settings: settingsOf(tenant), definitions: volume, log, ...more });
  return {
    engine,
    said,
    firing: () => board.firing(),
    async to(from, to) {
      for (let at = from; at <= to; at += quarter) {
        const { failed } = await engine.advance({
          complete: new Map([['switch', at]]),
          instant: at + minute,
          firing: () => board.firing(),
          tell: ({ definition, judgements, instant }) => said.push(...board.fold(definition, judgements, instant)),
          budgetMs: Number.POSITIVE_INFINITY,
        });
        expect([...failed]).toEqual([]);
      }
    },
  };
}

const calm = (): number => 1;
/** Acme loses four fifths on route r1 for two hours before the end. */
const acmeDrop = (partner: string, route: string, time: number): number =>
  partner === 'acme' && route === 'r1' && time >= end - 2 * hour ? 0.1 : 1;

it('begins with the first hour that is whole, not with the ends of what lasted longer than what was loaded', async () => {
  const hourly = (tenant: string, counts: readonly number[]): object[] =>
    counts.map((records, at) => ({
      ...{ tenant, leg: 'switch', service: 'data', minute: writeInstant(begin + at * hour).slice(0, 19), node: 'pgw-1', records },
      ...{ answered: records, ingest_time: writeInstant(end) },
    }));
  await clickhouse.store.insert('usage_minute', hourly('ends', [1, 9, 100, 60, 30, 110, 100, 90]), 'ends');
  await clickhouse.store.insert('usage_minute', hourly('one', [7]), 'one');
  const earliest = (tenant: string): Promise<readonly object[]> =>
    clickhouse.store.rows('series-begin', { tenant, since: writeInstant(begin - day) });
  expect(await earliest('ends')).toEqual([{ part: 'switch', earliest: writeInstant(begin + 2 * hour).slice(0, 19) }]);
  expect(await earliest('one')).toEqual([{ part: 'switch', earliest: writeInstant(begin).slice(0, 19) }]);
});

describe('the series engine', () => {
  beforeAll(async () => {
    for (const tenant of ['drop', 'restart', 'late', 'work', 'shards']) {
      await store(tenant, rowsOf(tenant, begin, end - 2 * hour, calm), `${tenant}/past`, end - 3 * hour);
      await store(tenant, rowsOf(tenant, end - 2 * hour, end, tenant === 'late' ? calm : acmeDrop, 2), `${tenant}/now`, end - 2 * hour);
    }
    await clickhouse.store.insert(
      'change_events',
      [
        {
          tenant: 'drop',
          source: 'changes',
          partition: 'p',
          position: 1,
          file: '',
          record_id: '00000000-0000-0000-0000-000000000001',
          ingest_time: writeInstant(end),
          event_time: writeInstant(end - 2 * hour - 5 * minute),
          change_id: 'CHG-7',
          change_kind: 'configuration',
          system: 'msc-1',
          scope: 'partner=acme, route=r1',
          summary: 'New routing table',
          actor: 'ops',
        },
      ],
      'change',
    );
  }, 120_000);
  it('finds a drop within half an hour, says which route it is and what was changed just before, and clears', async () => {
    const one = play('drop');
    await one.to(end - 2 * hour, end);
    const firing = one.firing();
    expect(firing.map(({ scope }) => scope)).toEqual([{ leg: 'switch', service: 'voice', partner: 'acme', direction: 'down' }]);
    const [finding] = firing;
    expect(Date.parse(finding!.began_at)).toBe(end - 2 * hour);
    expect(Date.parse(one.said[0]!.detected_at)).toBeLessThanOrEqual(end - hour);
    expect(finding!.explanation[0]?.dimensions).toMatchObject({ route: 'r1' });
    expect(finding!.explanation[0]!.share).toBeGreaterThan(0.8);
    expect(finding!.change_suspects).toMatchObject([{ change_id: 'CHG-7', summary: 'New routing table' }]);
    expect(finding!.effect).toBeGreaterThan(-0.6);
    expect(finding!.effect).toBeLessThan(-0.3);
    await store('drop', rowsOf('drop', end, end + 2 * hour, calm, 3), 'drop/after', end);
    await one.to(end + quarter, end + 2 * hour);
    expect(one.firing()).toEqual([]);
    expect(one.said.at(-1)).toMatchObject({ state: 'cleared' });
  });

  it('a restart goes on without learning anew, to the same figures', async () => {
    const whole = play('restart');
    await whole.to(end - 2 * hour, end);
    const before = play('restart');
    await before.to(end - 2 * hour, end - hour);
    await before.engine.keep(end - hour);
    const told = new Map(before.engine.parts().map(({ key, part }) => [key, part.judgedTo()]));
    const after = play('restart', { told });
    await after.to(end - hour, end - hour);
    // Nothing was read but the snapshot.
    expect(after.engine.parts()[0]!.part.judgedTo()).toBe(end - hour);
    await after.to(end - hour + quarter, end);
    const figures = ({ engine }: Play) => {
      const { state } = engine.parts()[0]!.part;
      return state.nodes.keys.map((key, node) => [key, state.bank.score[node], state.bank.expected[node], state.expected[node]]);
    };
    expect(figures(after)).toEqual(figures(whole));
    expect(after.said.filter(({ state }) => state === 'firing').map(({ finding_key }) => finding_key)).toContain(
      whole.firing()[0]!.finding_key,
    );
  });

  it('after a restart, what was judged before it is not late because its hour is touched again', async () => {
    const before = play('restart');
    await before.to(end - 2 * hour, end - 2 * quarter);
    await before.engine.keep(end - 2 * quarter);
    const told = new Map(before.engine.parts().map(({ key, part }) => [key, part.judgedTo()]));
    const words: string[] = [];
    const after = play('restart', { told, log: { ...log, info: (_: object, message: string) => void words.push(message) } });
    await after.to(end - 2 * quarter, end - quarter);
    await clickhouse.store.insert(
      'changed_buckets',
      [
        {
          ...{ tenant: 'restart', table: 'usage', legs: ['switch'], records: 1 },
          bucket: `${writeInstant(end - hour).slice(0, 13)}:00:00`,
          ingest_time: writeInstant(end - 5 * minute),
        },
      ],
      'restart/touched',
    );
    await after.to(end, end);
    expect(words.filter((word) => word.startsWith('late data'))).toEqual([]);
    expect(after.engine.parts()[0]!.part.judgedTo()).toBe(end);
  });

  it('late data judges again: a drop that was a late file closes, and opens once', async () => {
    // Beacon's records of the last hour are missing at first.
    const tenant = 'late';
    const one = play(tenant);
    await clickhouse.store.command(
      `ALTER TABLE weir.usage_minute DELETE WHERE tenant = 'late' AND partner = 'beacon' AND minute >= toDateTime('${writeInstant(end - hour).slice(0, 19)}', 'UTC') SETTINGS mutations_sync = 2`,
    );
    await one.to(end - 2 * hour, end);
    await one.engine.keep(end);
    expect(one.firing().map(({ scope }) => scope['partner'])).toEqual(['beacon']);
    const missing = rowsOf(tenant, end - hour, end, calm, 2).filter((row) => (row as { partner: string }).partner === 'beacon');
    const at = end + 30 * minute;
    await store(
      tenant,
      missing.map((row) => ({ ...row, ingest_time: writeInstant(at) })),
      'late/came',
      at,
    );
    await store(tenant, rowsOf(tenant, end, end + hour, calm, 3), 'late/after', end);
    await one.to(end + 30 * minute, end + hour);
    expect(one.firing()).toEqual([]);
    expect(one.said.filter(({ state }) => state === 'cleared')).toHaveLength(1);
    expect(new Set(one.said.map(({ finding_key }) => finding_key)).size).toBe(1);
  });

  it('under maintenance a series is neither judged nor taught', async () => {
    const one = play('work', {
      calendar: {
        dayOf: () => undefined,
        anyHeld: (_, to) => to > end - 2 * hour,
        holds: (labels, _, to) => labels['partner'] === 'acme' && to > end - 2 * hour,
      },
    });
    await one.to(end - 2 * hour, end);
    expect(one.firing().filter(({ scope }) => scope['partner'] === 'acme')).toEqual([]);
  });

  it('shards judge the same leaves, each its own', async () => {
    const sharded = volume.map((definition) => ({ ...definition, shards: 2, total: false, dimensions: ['leg', 'partner'] }));
    const one = play('shards', { definitions: sharded });
    await one.to(end - 2 * hour, end);
    expect(one.engine.parts().map(({ key }) => key)).toEqual(['usage_volume/switch/0', 'usage_volume/switch/1']);
    const leaves = one.engine.parts().flatMap(({ part }) => part.state.nodes.keys);
    expect([...leaves].sort()).toEqual(partners.map((partner) => `switch\u0001${partner}`));
    expect(one.firing().map(({ scope }) => scope['partner'])).toEqual(['acme']);
    const half = play('shards', { definitions: sharded, owns: (key) => key.endsWith('/0') });
    await half.to(end - 2 * hour, end - 2 * hour);
    expect(half.engine.parts().map(({ key }) => key)).toEqual(['usage_volume/switch/0']);
  });

  it('a replay finds the drop again, beside what was said and what people said of it; with a higher floor it would be gone', async () => {
    const tenant = 'restart';
    const live = play(tenant);
    await live.to(end - 2 * hour, end);
    const [finding] = live.firing();
    const { store: ch } = clickhouse;
    await ch.insert('findings', [findingRow(finding!)], 'said');
    await ch.insert(
      'verdicts',
      [
        {
          tenant,
          verdict_id: 'v1',
          incident_id: '',
          finding_key: finding!.finding_key,
          detector: finding!.detector,
          scope: finding!.scope,
          verdict: 'useful',
          note: '',
          actor: 'ann',
          origin: 'cli',
          at: writeInstant(end),
        },
      ],
      'verdict',
    );
    const of = { store: ch, from: end - 3 * hour, to: end, only: ['usage_volume'], log };
    const again = await backtest({ ...of, settings: settingsOf(tenant) });
    expect(again.failed).toEqual({});
    expect(again.episodes.map(({ finding_key }) => finding_key)).toEqual([finding!.finding_key]);
    expect(again).toMatchObject({ same: 1, added: [], gone: [], detectors: [{ detector: 'usage_volume', precision: 1, recall: 1 }] });
    const strict = parseSettings(`tenant: ${tenant}\ncurrency: EUR\ndetectors:\n  usage_volume:\n    effect: { relative: 0.9 }\n`, 'test');
    const other = await backtest({ ...of, settings: strict });
    expect(other).toMatchObject({ episodes: [], gone: [{ finding_key: finding!.finding_key, verdict: 'true' }] });
    expect(other.detectors[0]).toMatchObject({ precision: null, recall: 0 });
  });
});
