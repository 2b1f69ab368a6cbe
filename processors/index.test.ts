import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../core/clock.ts';
import type { ColumnType, Kind } from '../core/column.ts';
import type { ProcessorContext } from '../core/context.ts';
import { kinds, type UsageRecord, usage } from '../core/kinds/index.ts';
import { rejectReasons } from '../core/outcome.ts';
import { newRecord } from '../core/record.ts';
import { createPseudonym, createRecentKeys, createReference, processorFor } from './index.ts';
import type { ReferenceRows } from './reference.ts';
import type { AnyRecord } from './step.ts';

const now = Date.UTC(2026, 10, 21, 12);
const key = new Uint8Array(32).fill(7);

function context(rows: ReferenceRows = {}): ProcessorContext {
  return {
    clock: fixedClock(now),
    pseudonym: createPseudonym(key, { digitCacheBytes: 1 << 16 }),
    reference: createReference(rows),
    recentKeys: createRecentKeys(1000),
  };
}

/** A usage record with these columns, through the whole list. */
function processed(columns: Partial<UsageRecord>, rows: ReferenceRows = {}, world = context(rows)): UsageRecord {
  const record = Object.assign(newRecord(usage), columns);
  expect(processorFor(usage, { homeCountry: 'DE' })(record, world)).toEqual({ kind: 'accepted' });
  return record;
}

const call: Partial<UsageRecord> = {
  leg: 'switch',
  service: 'voice',
  direction: 'mo',
  start_time: now - 600_000,
  answer_time: now - 590_000,
  end_time: now - 530_000,
  subscriber_number: '0171 1234567',
  other_party_number: '+44 (0)20 7946 0958',
};

describe('a call', () => {
  it('gets its durations, pseudonyms and clear ranges', () => {
    const record = processed({ ...call, cause: 16, imsi_number: '262011234567890', imei_number: '35-209900-176148-1' });
    const pseudonym = createPseudonym(key);
    expect(record).toMatchObject({
      duration_seconds: 70,
      billable_seconds: 60,
      answered: true,
      subscriber: pseudonym.of('491711234567'),
      other_party: pseudonym.of('442079460958'),
      other_party_suffix: pseudonym.of('79460958'),
      imsi: pseudonym.of('262011234567890'),
      equipment: pseudonym.of('352099001761481'),
      prefix: '44',
      country: 'GB',
      number_range: '4917112',
      tac: '35209900',
      cause_class: 'normal',
      flags: '',
      duplicate: 0,
    });
    expect(record.business_key).not.toBe(0n);
  });

  it('gets what reference data knows, and keeps what the source stated', () => {
    const rows: ReferenceRows = {
      prefix_zones: [
        { prefix: '44', country: 'GB', zone: 'uk' },
        { prefix: '4420', country: 'GB', zone: 'old', valid_from: '2020-01-01 00:00:00.000' },
        { prefix: '4420', country: 'GB', zone: 'london', valid_from: '2025-01-01 00:00:00.000' },
      ],
      cells: [{ cell: '262-01-1-2', site: 'S1', zone: 'city', rat: '4g', node: 'mme1' }],
      partners: [
        { partner: 'carrier', routes: 'TG1, TG2' },
        { partner: 'host', mcc_mnc: '262-01' },
      ],
      causes: [
        { scheme: 'q850', value: 31, cause_class: 'network' },
        { scheme: 'q850', value: 31, cause_class: 'congestion', partner: 'carrier' },
      ],
      subscriptions: [{ subscription: createPseudonym(key).of('491711234567').toString(), plan: 'flat', segment: 'business' }],
    };
    const record = processed({ ...call, cell: '262-01-1-2', route: 'TG2', mcc_mnc: '262-01', cause: 31, rat: '5g' }, rows);
    expect(record).toMatchObject({ prefix: '4420', zone: 'london', site: 'S1', rat: '5g', node: 'mme1', partner: 'carrier' });
    expect(record).toMatchObject({ cause_class: 'congestion', plan: 'flat', segment: 'business' });
    expect(processed({ ...call, mcc_mnc: '262-01', cause: 31 }, rows)).toMatchObject({ partner: 'host', cause_class: 'network' });
    expect(processed({ ...call, cell: 'x' }, rows).flags).toBe('unknown_cell');
    expect(processed({ ...call, cell: 'x' }).flags).toBe('');
    expect(processed({ ...call, sip_code: 486 }).cause_class).toBe('user');
    expect(processed({ ...call, sip_code: 999 }).cause_class).toBe('unknown');
  });

  it('keeps and flags what is no E.164 number', () => {
    expect(processed({ ...call, other_party_number: '110' })).toMatchObject({
      flags: 'not_e164',
      prefix: '',
      other_party: createPseudonym(key).of('110'),
    });
    expect(processed({ ...call, other_party_number: 'Anonymous' })).toMatchObject({ flags: 'anonymous', other_party: 0n });
    expect(processed({ ...call, subscriber_number: '123' }).flags).toBe('subscriber_not_e164');
    expect(processed({ ...call, subscriber_number: 'alice@example.net' }).flags).toBe('');
  });

  it('is marked, not dropped, when it repeats', () => {
    const world = context();
    const keys = createRecentKeys(10);
    const shared = { ...world, recentKeys: keys };
    expect(processed(call, {}, shared).duplicate).toBe(0);
    expect(processed(call, {}, shared).duplicate).toBe(1);
    expect(processed({ ...call, local_sequence: 2 }, {}, shared).duplicate).toBe(0);
    keys.nextBatch();
    expect(processed({ ...call, subscriber_number: '+491711234567' }, {}, shared).duplicate).toBe(2);
    expect(processed({ ...call, end_time: now - 529_000 }, {}, shared).duplicate).toBe(0);
    expect(processed({ ...call, charging_id: 'c', local_sequence: 1 }, {}, shared).duplicate).toBe(0);
    expect(processed({ ...call, charging_id: 'c', local_sequence: 2 }, {}, shared).duplicate).toBe(1);
  });

  it('is rejected with its reason when it cannot be', () => {
    const reason = (columns: Partial<UsageRecord>): string => {
      const outcome = processorFor(usage)(Object.assign(newRecord(usage), call, columns), context());
      if (outcome.kind !== 'rejected') return outcome.kind;
      expect(outcome.detail).not.toContain('1711234567');
      return `${outcome.reason} ${outcome.field}`;
    };
    expect(reason({ start_time: 0 })).toBe('missing_field start_time');
    expect(reason({ start_time: Date.UTC(1989, 11, 31) })).toBe('bad_time start_time');
    expect(reason({ start_time: now + 86_400_001, end_time: 0 })).toBe('bad_time start_time');
    expect(reason({ end_time: call.start_time! - 1 })).toBe('negative_duration end_time');
    expect(reason({ duration_seconds: -1 })).toBe('negative_duration duration_seconds');
    expect(reason({ duration_seconds: 367 * 86_400 })).toBe('impossible_value duration_seconds');
    expect(reason({ octets_up: -1 })).toBe('negative_volume octets_up');
    expect(reason({ octets_up: 2 ** 53 })).toBe('bad_number octets_up');
    expect(reason({ cause: 65_536 })).toBe('bad_number cause');
    expect(reason({ charge: 0.5 })).toBe('bad_number charge');
    expect(reason({ mos: Number.NaN })).toBe('bad_number mos');
    expect(reason({ node: 'x'.repeat(257) })).toBe('too_long node');
    expect(reason({ utc_offset_minutes: 900 })).toBe('impossible_value utc_offset_minutes');
  });

  it('is flagged when its clock is ahead or its end is missing', () => {
    expect(processed({ ...call, start_time: now + 3_600_000, answer_time: 0, end_time: 0 }).flags).toBe('clock_ahead no_end');
    expect(processed({ ...call, end_time: 0, duration_seconds: 70 })).toMatchObject({
      end_time: call.end_time,
      billable_seconds: 60,
      flags: '',
    });
    expect(processed({ ...call, answer_time: call.end_time! + 1 })).toMatchObject({ billable_seconds: 0, flags: 'answer_outside' });
  });
});

it('refuses an unknown instrument and an infinite value', () => {
  const kind = kinds.find(({ name }) => name === 'measurement')!;
  const one = (columns: object) =>
    processorFor(kind)(Object.assign(newRecord(kind), { metric: 'm', device: 'd', event_time: now }, columns) as AnyRecord, context());
  expect(one({ value: 1 }).kind).toBe('accepted');
  expect(one({ instrument: 'counter' }).kind).toBe('accepted');
  expect(one({ instrument: 'histogram' })).toMatchObject({ reason: 'impossible_value', field: 'instrument' });
  expect(one({ value: Number.POSITIVE_INFINITY })).toMatchObject({ reason: 'bad_number', field: 'value' });
});

it('gives a subscription the pseudonym that its usage has', () => {
  const kind = kinds.find(({ name }) => name === 'subscription')!;
  const record = Object.assign(newRecord(kind), { system: 'crm', valid_from: 1, subscription_number: '0171/1234567' }) as AnyRecord;
  expect(processorFor(kind, { homeCountry: 'DE' })(record, context()).kind).toBe('accepted');
  expect(record['subscription']).toBe(processed(call).subscriber);
  expect(record['subscription_number']).toBe('');
});

const limits: Partial<Record<ColumnType, (value: unknown) => boolean>> = {
  uint8: (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) < 256,
  uint16: (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) < 2 ** 16,
  uint32: (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) < 2 ** 32,
  uint64: (v) => Number.isSafeInteger(v) && (v as number) >= 0,
  int16: (v) => Number.isInteger(v) && Math.abs((v as number) + 0.5) <= 2 ** 15,
  int32: (v) => Number.isInteger(v) && Math.abs((v as number) + 0.5) <= 2 ** 31,
  money: (v) => Number.isSafeInteger(v),
  instant: (v) => v === 0 || (Number.isInteger(v) && (v as number) >= Date.UTC(1900, 0, 1) && (v as number) <= Date.UTC(2300, 0, 1)),
  float: (v) => Number.isFinite(v),
  measure: (v) => v === null || Number.isFinite(Math.fround(v as number)),
  hash: (v) => typeof v === 'bigint' && v >= 0n && v < 2n ** 64n,
  code: (v) => typeof v === 'string' && v.length <= 256,
  text: (v) => typeof v === 'string' && v.length <= 4096,
  flag: (v) => typeof v === 'boolean',
  transient: (v) => v === '',
};

/** Values of the column's type in memory, many of them absurd. */
function junk(type: ColumnType): fc.Arbitrary<unknown> {
  const odd = fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0.5,
    2 ** 53,
    -(2 ** 53),
    1e300,
    -0,
    65_536,
    2 ** 32,
    now,
    now + 1e6,
  );
  const text = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'+0123456789 é\ud800'), maxLength: 20 }),
    fc.constant('x'.repeat(5000)),
  );
  switch (type) {
    case 'code':
    case 'text':
    case 'transient':
      return text;
    case 'hash':
      return fc.bigInt({ min: -1n, max: 2n ** 64n });
    case 'flag':
      return fc.boolean();
    case 'labels':
      return fc.oneof(fc.constant(null), fc.array(fc.tuple(text, text), { maxLength: 3 }));
    case 'measure':
      return fc.oneof(fc.constant(null), odd, fc.double());
    default:
      return fc.oneof(odd, fc.double(), fc.nat());
  }
}

/** A record of the kind with one to six absurd values in an otherwise plain one. */
function junkRecord(kind: Kind): fc.Arbitrary<AnyRecord> {
  const plain: Record<string, unknown> = {};
  for (const name of kind.required) {
    const type = kind.columns[name]!.type;
    plain[name] = type === 'instant' ? now - 1000 : type === 'float' || type === 'money' || type.startsWith('uint') ? 1 : 'x';
  }
  const one = fc.oneof(...Object.entries(kind.columns).map(([name, { type }]) => fc.tuple(fc.constant(name), junk(type))));
  return fc.array(one, { maxLength: 6 }).map((changes) => Object.assign(newRecord(kind), plain, Object.fromEntries(changes)) as AnyRecord);
}

it.each(kinds.map((kind) => [kind.name, kind] as const))(
  'takes any junk as %s: storable and without clear identities, or rejected',
  (_, kind) => {
    const process = processorFor(kind, { homeCountry: 'DE' });
    const world = context();
    let accepted = 0;
    fc.assert(
      fc.property(junkRecord(kind), (record) => {
        const outcome = process(record, world);
        if (outcome.kind === 'rejected') {
          expect(Object.keys(rejectReasons)).toContain(outcome.reason);
          return;
        }
        accepted += 1;
        for (const [name, { type }] of Object.entries(kind.columns)) {
          const holds = limits[type];
          if (holds && !holds(record[name])) throw new Error(`${name} holds ${String(record[name])}`);
        }
      }),
      { seed: 9, numRuns: kind.name === 'usage' ? 500 : 60 },
    );
    expect(accepted).toBeGreaterThan(0);
  },
);
