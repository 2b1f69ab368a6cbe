import { expect, it } from 'vitest';
import { calm, type Definition } from '../../core/definition.ts';
import { writeInstant } from '../../core/row.ts';
import { overlaps } from '../../detectors/controls/overlaps.ts';
import { createCorrelator } from '../../incidents/pipeline/correlator.ts';
import { defaultPipelineSettings } from '../../incidents/pipeline/settings.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { parseSettings } from '../settings/load.ts';
import { createBoard } from './board.ts';
import { createWatermarks } from './watermarks.ts';
import { createWindows } from './windows.ts';

const clickhouse = withClickHouse();
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const minute = 60_000;
const hour = 60 * minute;
const noon = Date.UTC(2026, 10, 21, 12);

let position = 0;
const call = (tenant: string, source: string, node: string, at: number, ingested: number): object => ({
  tenant,
  source,
  partition: 'p',
  position: ++position,
  record_id: `00000000-0000-0000-0000-${position.toString().padStart(12, '0')}`,
  ingest_time: writeInstant(ingested),
  leg: 'switch',
  node,
  service: 'voice',
  subscriber: position,
  business_key: position,
  start_time: writeInstant(at),
  duration_seconds: 60,
});

/** A file of a quarter of an hour, handed over at its end and received a minute later. */
const receipt = (tenant: string, sequence: number, more: object = {}): object => {
  const handed = noon + sequence * 15 * minute;
  return {
    tenant,
    source: 'msc',
    sha256: `${sequence}`,
    name: `msc_${sequence}.csv`,
    state: 'stored',
    sequence,
    modified_at: writeInstant(handed),
    received_at: writeInstant(handed + minute),
    completed_at: writeInstant(handed + minute),
    read: 1,
    stored: 1,
    event_from: writeInstant(handed - 10 * minute),
    event_to: writeInstant(handed - 5 * minute),
    version: 1,
    ...more,
  };
};

const end = (sequence: number): number => noon + (sequence * 15 - 5) * minute;

it('a missing file holds the leg back until it comes, or for a while; a file without records moves it on', async () => {
  const { store } = clickhouse;
  const settings = parseSettings('tenant: gap', 'test');
  const of = (sequence: number) => call('gap', 'msc', 'n1', end(sequence), noon + (sequence * 15 + 1) * minute);
  await store.insert(
    'files',
    [1, 2, 4].map((sequence) => receipt('gap', sequence)),
    'r1',
  );
  await store.insert('usage', [of(1), of(2), of(4)], 'u1');
  const watermarks = createWatermarks(store, settings, log);
  await watermarks.update(noon + 61 * minute);
  // Calls last a minute, so a source is complete up to a minute before its newest.
  expect(watermarks.complete().get('switch')).toBe(end(2) - minute);
  await store.insert(
    'files',
    [receipt('gap', 3, { received_at: writeInstant(noon + 62 * minute), completed_at: writeInstant(noon + 62 * minute) })],
    'r2',
  );
  await store.insert('usage', [call('gap', 'msc', 'n2', end(3), noon + 62 * minute)], 'u2');
  await watermarks.update(noon + 63 * minute);
  // The file that came out of order makes the source late by a quarter of an hour.
  expect(watermarks.complete().get('switch')).toBe(end(4) - 15 * minute);
  await store.insert('files', [receipt('gap', 5, { read: 2, stored: 0, event_from: 0, event_to: 0 })], 'r3');
  await watermarks.update(noon + 76 * minute);
  // Handed over at 13:15; the others lie five minutes behind their last event; the source is a quarter of an hour late.
  expect(watermarks.complete().get('switch')).toBe(noon + 75 * minute - 5 * minute - 15 * minute);
  const stored = await store.select<{ node: string; upto: string }>(
    "SELECT node, toString(complete_to) AS upto FROM watermarks_latest WHERE tenant = 'gap' ORDER BY node",
  );
  expect(stored.map(({ node, upto }) => [node, upto])).toEqual([
    ['', writeInstant(noon + 55 * minute)],
    ['n1', writeInstant(end(4) - 15 * minute)],
    ['n2', writeInstant(end(3) - 15 * minute)],
  ]);
  // Another process goes on from there.
  const next = createWatermarks(store, settings, log);
  await next.update(noon + 20 * hour);
  expect(next.complete().get('switch')).toBe(noon + 55 * minute);
});

it('a silent source is waited for as long as its rhythm explains, then the leg goes on without it', async () => {
  const { store } = clickhouse;
  const settings = parseSettings('tenant: silent', 'test');
  const feeds = Array.from({ length: 20 }, (_, at) =>
    ['msc', 'other'].map((source) => receipt('silent', at - 20, { source, sha256: `${source}${at}`, sequence: null })),
  ).flat();
  await store.insert('files', feeds, 's1');
  const at = noon - 15 * minute;
  await store.insert('usage', [call('silent', 'msc', '', at, at + minute), call('silent', 'other', '', at, at + minute)], 's2');
  const watermarks = createWatermarks(store, settings, log);
  await watermarks.update(noon);
  expect(watermarks.complete().get('switch')).toBe(at - minute);
  const brings = async (when: number) => {
    await store.insert('usage', [call('silent', 'other', '', when, when + minute)], `s/${when}`);
    await watermarks.update(when + 2 * minute);
    return watermarks.complete().get('switch');
  };
  // Files each 15 minutes: 12 of them are three hours.
  expect(await brings(at + 3 * hour)).toBe(at - minute);
  expect(await brings(at + 3 * hour + 1)).toBe(at + 3 * hour + 1 - minute);
});

it('records that come for a judged window make it due again, with the latest one after it', async () => {
  const { store } = clickhouse;
  const settings = parseSettings('tenant: late', 'test');
  await store.insert('usage', [call('late', 'msc', '', noon + hour + 2 * minute, noon + hour + 3 * minute)], 'l1');
  const windows = createWindows(store, settings, log, new Map(), 0);
  const judgeAll = async (instant: number) => {
    await windows.update(instant);
    const due = windows.due(overlaps, instant);
    for (const each of due) await windows.judged(overlaps, each, instant);
    return due.map(({ window, again }) => [(window.to - noon) / hour, again]);
  };
  const start = noon + hour + 5 * minute;
  expect(await judgeAll(start)).toEqual([
    [-1, false],
    [0, false],
    [1, false],
  ]);
  const late = [call('late', 'msc', '', noon - 10 * minute, start + minute), call('late', 'msc', '', noon - 30 * hour, start + minute)];
  await store.insert('usage', late, 'l2');
  // Looked for every ten minutes.
  expect(await judgeAll(start + 2 * minute)).toEqual([]);
  expect(await judgeAll(start + 10 * minute)).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(await judgeAll(start + 20 * minute)).toEqual([]);
});

it('a finding states how much of the data of its window had come, and is held until enough has', async () => {
  const { store } = clickhouse;
  const settings = parseSettings('tenant: whole', 'test');
  const of = (sequence: number) => call('whole', 'msc', 'n1', end(sequence), noon + (sequence * 15 + 1) * minute);
  const batch = (sequence: number, rejected: number): object => ({
    ...{
      tenant: 'whole',
      source: 'msc',
      partition: `sha256:${sequence}`,
      kind: 'usage',
      first: 0,
      last: 99,
      token: `${sequence}`,
      state: 'stored',
    },
    ...{
      read: 100,
      stored: 100 - rejected,
      rejected,
      event_from: writeInstant(end(sequence) - 5 * minute),
      event_to: writeInstant(end(sequence)),
    },
    ...{ planned_at: writeInstant(end(sequence) + 6 * minute), stored_at: writeInstant(end(sequence) + 6 * minute) },
  });
  const bring = async (sequences: readonly number[]): Promise<void> => {
    const token = `whole/${sequences.join()}`;
    await store.insert(
      'files',
      sequences.map((sequence) => receipt('whole', sequence)),
      token,
    );
    await store.insert('usage', sequences.map(of), token);
    await store.insert(
      'batches',
      sequences.map((sequence) => batch(sequence, sequence === 2 ? 30 : 0)),
      token,
    );
  };
  const windows = createWindows(store, settings, log, new Map(), 0);
  const board = createBoard('whole', () => 'SELECT 1', undefined, windows.completeness);
  const definition: Definition = { ...overlaps, identity: 'volume', kind: 'service', metric: 'volume', scope: ['leg'], restsOnAll: true };
  const window = { from: noon, to: noon + 50 * minute };
  const drop = { ...calm({ leg: 'switch' }, window), state: 'violation', observed: 50, expected: 100, direction: 'down', p: 1e-6 } as const;
  const correlator = createCorrelator('whole', defaultPipelineSettings);
  const tell = (now: number) =>
    correlator
      .take(board.fold(definition, [drop], now), {
        now,
        held: () => undefined,
        topology: undefined,
        active: new Set(),
        severityOf: () => 3,
      })
      .decisions.map(({ outcome, text }) => `${outcome}: ${text}`);

  await bring([1, 2, 4]);
  // While it comes it is seen; the file that is missing is waited for no longer after two hours.
  await windows.update(noon + 61 * minute);
  const first = noon + 4 * hour;
  await windows.update(first);
  // One of three files is missing; of 300 records that came 30 could not be read.
  expect(windows.completeness({ leg: 'switch' }, window)).toBe(0.6);
  expect(tell(first)).toEqual(['gated: Only 60 % of its data had come, 90 % are needed.']);
  await bring([3]);
  const second = first + 2 * minute;
  await windows.update(second);
  expect(windows.completeness({ leg: 'switch' }, window)).toBe(0.925);
  expect(tell(second)).toContain('own: Nothing above it and no open incident explains it.');
});
