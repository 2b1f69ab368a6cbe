import { describe, expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { wholesaleInvoice } from './wholesale-invoice.ts';

const row = {
  check: 'invoice',
  partner: 'host-mno',
  invoice: 'W-10',
  service: '',
  starts: '2026-10-01 00:00:00.000',
  ends: '2026-11-01 00:00:00.000',
  issued: '2026-11-05 00:00:00.000',
  invoiced: '10000',
  usage_charge: '10000',
  invoiced_units: '0',
  usage_units: '0',
  covered: '1',
  dispute_percent: '0',
  repeats: '',
  repeated_amount: '0',
};
const line = (service: string, invoiced: string, used: string, more: object = {}) => ({
  ...row,
  check: 'line',
  service,
  invoiced,
  usage_charge: used,
  ...more,
});

const judge = (rows: readonly object[], of: object = {}) =>
  judgeRows(wholesaleInvoice, rows, of).filter(({ cell }) => cell['check'] !== 'twice');

describe('S09 wholesale invoice', () => {
  it('finds an invoice above its usage, by hand: 10,600 - 10,000 = 600, 6 % where 1 % is accepted, 500 of it in voice', () => {
    const voice = line('voice', '8500', '8000', { invoiced_units: '100000', usage_units: '100000' });
    const [whole, part] = judge([{ ...row, invoiced: '10600' }, voice, line('data', '2100', '2000')]);
    expect(whole).toMatchObject({
      state: 'violation',
      observed: 10_600,
      expected: 10_000,
      upper: 10_100,
      money: { amount: '600', class: 'leakage' },
      explanation: [{ dimensions: { service: 'voice' } }],
    });
    // 500 / 600 = 83.3 %.
    expect(whole!.explanation![0]!.share).toBeCloseTo(5 / 6, 10);
    expect(whole!.summary).toBe(
      'Invoice W-10 of host-mno for 2026-10-01 to 2026-11-01 charges 10,600 EUR; the usage files charge 10,000 (6 % more, 1 % are accepted). 83 % of it in voice. Quantities: 100,000 minutes invoiced, 100,000 in the files: the price differs, not the usage.',
    );
    expect(part).toMatchObject({ state: 'ok', note: 'part of the difference of the whole invoice' });
  });

  it('border: exactly what is accepted is paid, a cent more is disputed; the limit is that of the contract', () => {
    expect(judge([{ ...row, invoiced: '10100' }])[0]!.state).toBe('ok');
    expect(judge([{ ...row, invoiced: '10100.01' }])[0]!.state).toBe('violation');
    expect(judge([{ ...row, invoiced: '10500', dispute_percent: '5' }])[0]!.state).toBe('ok');
    expect(judge([{ ...row, invoiced: '10500.01', dispute_percent: '5' }])[0]!.state).toBe('violation');
    // 0.99 of 10: ten per cent, and below the floor of 1.
    expect(judge([{ ...row, invoiced: '10.99', usage_charge: '10' }])[0]!.state).toBe('ok');
  });

  it('an invoice below its usage is an amount to set aside', () => {
    expect(judge([{ ...row, invoiced: '9000' }])[0]).toMatchObject({
      state: 'violation',
      direction: 'down',
      money: { amount: '1000', class: 'risk' },
    });
  });

  it('lines that cancel out are told one by one', () => {
    const found = judge([row, line('voice', '8800', '8000'), line('data', '1200', '2000')]);
    expect(found.map(({ cell, state, money }) => [cell['service'], state, money?.amount, money?.class])).toEqual([
      ['', 'ok', undefined, undefined],
      ['voice', 'violation', '800', 'leakage'],
      ['data', 'violation', '800', 'risk'],
    ]);
  });

  it('a second invoice over the same days and amount is paid twice', () => {
    const found = judgeRows(wholesaleInvoice, [{ ...row, repeats: 'W-9', repeated_amount: '10000' }]);
    expect(found[1]).toMatchObject({ cell: { check: 'twice' }, state: 'violation', money: { amount: '10000', class: 'leakage' } });
    expect(judgeRows(wholesaleInvoice, [row])[1]).toMatchObject({ cell: { check: 'twice' }, state: 'ok' });
  });

  it('a missing invoice is told from the sixteenth day on, by hand: the period to 1 November, 15 days of grace', () => {
    const missing = { ...row, check: 'missing', invoice: '' };
    const at = (day: number, hour = 0) => judge([missing], { instant: Date.UTC(2026, 10, day, hour) })[0]!;
    expect(at(16).state).toBe('ok');
    expect(at(16, 1)).toMatchObject({
      state: 'violation',
      money: { amount: '10000', class: 'risk' },
      title: 'host-mno: no invoice for 2026-10-01 to 2026-11-01',
    });
    expect(judge([{ ...missing, usage_charge: '0' }], { instant: Date.UTC(2026, 11, 1) })[0]!.state).toBe('ok');
  });

  it('says which data it lacks', () => {
    expect(judge([])[0]).toMatchObject({ state: 'not_applicable' });
    expect(judge([{ ...row, invoiced: '20000', covered: '0' }])[0]).toMatchObject({
      state: 'not_applicable',
      note: 'not applicable, needs the usage files of the whole period, complete to its end',
    });
  });
});
