import { expect, it } from 'vitest';
import { asteriskCdr } from '../ingest/decode/asterisk-cdr.ts';
import { freeswitchCsv } from '../ingest/decode/freeswitch-csv.ts';
import { radiusDetail } from '../ingest/decode/radius-detail.ts';
import { decodeAll } from '../ingest/decode/sink-for-tests.ts';
import { hour } from './instant.ts';
import { nativeText } from './native.ts';
import { createWorld } from './world.ts';

const world = createWorld({ subscribers: 200, eventsPerDay: 3_000, pons: 1, ontsPerPon: 1 });
const from = Date.UTC(2026, 10, 18, 15);

it.each([asteriskCdr, freeswitchCsv, radiusDetail])('$name: every record is read, with its parties, times and units', (preset) => {
  const texts = [...nativeText(world, preset.name as 'asterisk-cdr', from, from + 3 * hour)];
  expect(texts.length).toBeGreaterThan(30);
  const text = texts.join('');
  const { noted } = decodeAll(preset.format({}), text, { fileName: 'x' });
  const taken = noted.filter(({ outcome }) => outcome === 'accepted').map(({ record }) => record as Record<string, unknown>);
  expect(noted.filter(({ outcome }) => outcome === 'rejected')).toEqual([]);
  expect(taken.length).toBe(texts.length);
  for (const record of taken) {
    expect(record['subscriber_number']).toMatch(/^\+1\d{10}$/);
    expect(record['end_time'] as number).toBeGreaterThanOrEqual(record['start_time'] as number);
  }
  const sum = (name: string): number => taken.reduce((total, record) => total + Number(record[name] ?? 0), 0);
  if (preset === radiusDetail) expect(sum('octets_down')).toBeGreaterThan(1e8);
  else expect(sum('billable_seconds')).toBeGreaterThan(1000);
  expect([...nativeText(world, preset.name as 'asterisk-cdr', from, from + 3 * hour)].join('')).toBe(text);
});
