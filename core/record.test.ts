import { expect, it } from 'vitest';
import { kinds, usage } from './kinds/index.ts';
import { newRecord, resetter } from './record.ts';

it('makes a record with every column of its kind, and resets it', () => {
  for (const kind of kinds) {
    const record = newRecord(kind) as Record<string, unknown>;
    expect(Object.keys(record)).toEqual(Object.keys(kind.columns));
  }
  const record = newRecord(usage);
  const fresh = { ...record };
  record.start_time = 5;
  record.subscriber = 7n;
  record.leg = 'switch';
  record.mos = 4.2;
  resetter(usage)(record);
  expect(record).toEqual(fresh);
});
