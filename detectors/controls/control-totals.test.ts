import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { controlTotals } from './control-totals.ts';
import { instantOfTests, judgeRows } from './evaluation.fixture.ts';

function file(more: object = {}): object {
  return {
    source: 'tap',
    sha256: 'a',
    name: 'CD1',
    received_at: writeInstant(instantOfTests - 60_000),
    handed_at: writeInstant(instantOfTests - 60_000),
    previous_at: writeInstant(instantOfTests - 960_000),
    event_from: writeInstant(instantOfTests - 980_000),
    event_to: writeInstant(instantOfTests - 70_000),
    rejected: '0',
    declared_records: '100',
    declared_seconds: null,
    declared_octets: null,
    declared_charge: '12.345678',
    declared_lost: null,
    closure_reason: null,
    declared_from: '1970-01-01 00:00:00.000',
    declared_to: '1970-01-01 00:00:00.000',
    records: '100',
    seconds: 3600,
    octets: '0',
    charge: '12.345678',
    ...more,
  };
}

const judge = (...rows: object[]) => judgeRows(controlTotals, rows, { sources: ['tap'] })[0]!;

it('is ok when every declared total is met to the last micro-unit', () => {
  expect(judge(file())).toMatchObject({ state: 'ok' });
});

it('finds one micro-unit of charge and one record', () => {
  expect(judge(file({ charge: '12.345677' }))).toMatchObject({
    state: 'violation',
    observed: 1,
    money: { amount: '0.01', class: 'leakage' },
  });
  expect(judge(file({ records: '99' })).state).toBe('violation');
});

it('more charge than declared is over-charging, less is leakage', () => {
  expect(judge(file({ declared_charge: '2300', charge: '71200' })).money).toMatchObject({ amount: '68900', class: 'over_charge' });
  expect(judge(file({ declared_charge: '20', charge: '15' })).money).toMatchObject({ amount: '5', class: 'leakage' });
});

it('without a declared charge the missing records are to be valued; it began after the file before', () => {
  const found = judge(file({ declared_charge: null, records: '80', charge: '8' }));
  expect(found).toMatchObject({ valued: { records: 20, class: 'leakage', params: { file: 'CD1' } }, beganAt: instantOfTests - 960_000 });
  // The end of the file may be what is missing: what began until it was handed over, ten seconds after the last event that was read, is asked for.
  expect(found.valued!.params['to']).toBe(new Date(instantOfTests - 60_000 + 1).toISOString());
  const much = judge(file({ declared_charge: null, records: '80', handed_at: writeInstant(instantOfTests + 86_400_000) }));
  expect(much.valued!.params['to']).toBe(new Date(instantOfTests - 70_000 + 910_000 + 1).toISOString());
  expect(found.money).toBeUndefined();
  expect(found.title).toBe('tap: 1 file differs from its control totals');
});

it('a file with rejected records declares more than can be added up: only their count is compared', () => {
  expect(judge(file({ rejected: '5', charge: '11', declared_seconds: 4000 })).state).toBe('ok');
  expect(judge(file({ rejected: '5', charge: '11', records: '99' }))).toMatchObject({ state: 'violation', valued: { records: 1 } });
});

it('border: seconds within the tolerance are rounding', () => {
  expect(judge(file({ declared_seconds: 3600.0009 })).state).toBe('ok');
  expect(judge(file({ declared_seconds: 3600.0011 })).state).toBe('violation');
});

it('finds what the sender says of itself: lost records, and a closure reason of 128 or more', () => {
  expect(judge(file({ declared_lost: '0', closure_reason: '127' })).state).toBe('ok');
  const lost = judge(file({ declared_lost: '7' }));
  expect(lost).toMatchObject({ state: 'violation', valued: { records: 7, class: 'leakage' } });
  expect(lost.summary).toContain('CD1: the sender lost 7 records');
  const broken = judge(file({ closure_reason: '128' }));
  expect(broken).toMatchObject({ state: 'violation', observed: 1 });
  expect(broken.summary).toContain('CD1: closed abnormally (reason 128)');
  // Declared 100, read 90, and 7 never written: 17 are missing.
  expect(judge(file({ records: '90', declared_lost: '7' })).valued).toMatchObject({ records: 17 });
  // Nothing else is declared: enough to be judged.
  expect(judge(file({ declared_records: null, declared_charge: null, declared_lost: '1' })).state).toBe('violation');
});

it('border: events on the earliest and within the second of the latest time declared lie within, a millisecond beyond does not', () => {
  const [from, to] = [instantOfTests - 980_000, instantOfTests - 70_000];
  expect(judge(file({ declared_from: writeInstant(from), declared_to: writeInstant(to - 999) })).state).toBe('ok');
  expect(judge(file({ declared_from: writeInstant(from + 1) })).state).toBe('violation');
  expect(judge(file({ declared_to: writeInstant(to - 1000) })).state).toBe('violation');
  const none = {
    event_from: '1970-01-01 00:00:00.000',
    event_to: '1970-01-01 00:00:00.000',
    declared_records: '0',
    records: '0',
    declared_charge: null,
  };
  expect(judge(file({ ...none, declared_from: writeInstant(from) })).state).toBe('ok');
});

it('late data: a corrected file of the same name takes the place of the broken one', () => {
  const broken = file({ charge: '1' });
  const corrected = file({ sha256: 'b', received_at: writeInstant(instantOfTests) });
  expect(judge(broken, corrected).state).toBe('ok');
  expect(judge(corrected, broken).state).toBe('ok');
});

it('missing data: says what it needs', () => {
  const silent = file({ declared_records: null, declared_charge: null });
  expect(judge(silent)).toMatchObject({
    state: 'not_applicable',
    note: 'not applicable, needs files that declare totals in header, trailer or name',
  });
  expect(judge()).toMatchObject({ state: 'not_applicable' });
});

it('property: any other count is found, the same never', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.nat(1e9), (declared, records) => {
      const state = judge(file({ declared_records: `${declared}`, records: `${records}` })).state;
      expect(state).toBe(declared === records ? 'ok' : 'violation');
    }),
  );
});
