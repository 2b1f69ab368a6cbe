import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newAccount } from './account.ts';
import { newConverter } from './currency.ts';
import { newRater, type Rated, type Usage } from './rater.ts';
import { tariffOfRows } from './reference.ts';
import { call, tariffOf } from './tariff.fixture.ts';
import type { Rate, Tariff, TariffVersion } from './tariff.ts';

const voice = (more: Partial<Rate> = {}): Rate => ({ service: 'voice', price: '0.09', unit: 'minute', ...more });

function rate(tariff: Tariff, usage: Usage = call(), account = newAccount()): Rated {
  const rated = newRater(tariff).rate(usage, account);
  if (!rated.ok) throw new Error(rated.reason);
  return rated;
}

const net = (rates: readonly Rate[], usage?: Usage, more?: Partial<Tariff>, version?: Partial<TariffVersion>): bigint =>
  rate(tariffOf(rates, more, version), usage).net;

describe('by hand', () => {
  it('price, minimum and increment', () => {
    // 61 s by 60/60 are 2 min: 2 x 0.09 = 0.18. By 1/1: 61/60 x 0.09 = 0.0915. By 30/6: 66 s = 0.099.
    expect(net([voice({ minimum: 60, increment: 60 })], call({ ms: 61_000 }))).toBe(180_000n);
    expect(net([voice({ minimum: 1, increment: 1 })], call({ ms: 61_000 }))).toBe(91_500n);
    expect(net([voice({ minimum: 30, increment: 6 })], call({ ms: 61_000 }))).toBe(99_000n);
    expect(net([voice({ minimum: 60, increment: 60 })], call({ ms: 1 }))).toBe(90_000n);
  });

  it('a price that no decimal of the currency can show is rounded once, at the end', () => {
    // 0.05 a minute for 1 s = 0.000833…; to cents it is nothing, or a cent when rounded up.
    expect(net([voice({ price: '0.05' })], call({ ms: 1000 }))).toBe(833n);
    expect(net([voice({ price: '0.05' })], call({ ms: 1000 }), { decimals: 2 })).toBe(0n);
    expect(net([voice({ price: '0.05' })], call({ ms: 1000 }), { decimals: 2, rounding: 'up' })).toBe(10_000n);
    // 0.005 exactly: half up is a cent, half even none.
    expect(net([voice({ price: '0.005' })], call(), { decimals: 2 })).toBe(10_000n);
    expect(net([voice({ price: '0.005' })], call(), { decimals: 2, rounding: 'half_even' })).toBe(0n);
  });

  it('set-up fee, messages and volume', () => {
    expect(net([voice({ setUp: '0.15' })])).toBe(240_000n);
    expect(net([{ service: 'sms', price: '0.07', unit: 'event' }], call({ service: 'sms', ms: 0 }))).toBe(70_000n);
    // 0.24 a MiB, by 100 KiB: 150,000 octets are 204,800: 204800/1048576 x 0.24 = 0.046875.
    const data: Rate = { service: 'data', price: '0.24', unit: 'mib', increment: 102_400 };
    expect(net([data], call({ service: 'data', ms: 5, octets: 150_000 }))).toBe(46_875n);
    expect(net([voice({ price: '0.0000005', unit: 'octet', service: 'data' })], call({ service: 'data', octets: 3_000_001 }))).toBe(
      1_500_001n,
    );
  });

  it('nothing used is nothing, without a set-up fee', () => {
    expect(rate(tariffOf([voice({ setUp: '0.15', minimum: 60 })]), call({ ms: 0 }))).toMatchObject({ net: 0n, zeroReason: 'nothing' });
    expect(rate(tariffOf([voice({ price: '0' })]))).toMatchObject({ net: 0n, zeroReason: 'free' });
  });

  it('tiers: each part at its price, by the month', () => {
    // 10 min at 0.10, from 10 min 0.05: calls of 6 min cost 0.60, then 4 x 0.10 + 2 x 0.05 = 0.50, then 0.30.
    const rater = newRater(tariffOf([voice({ price: '0.10', tiers: [{ from: 10, price: '0.05' }] })]));
    const account = newAccount();
    const cost = (at: number) => (rater.rate(call({ ms: 360_000, at }), account) as Rated).net;
    const november = Date.UTC(2026, 10, 20);
    expect([cost(november), cost(november), cost(november), cost(Date.UTC(2026, 11, 1))]).toEqual([600_000n, 500_000n, 300_000n, 600_000n]);
  });

  it('a version holds from its first to before its last instant, the one published last before others', () => {
    const from = Date.UTC(2026, 10, 20, 12);
    const tariff = tariffOf([], {
      versions: [
        { version: 'old', rates: [voice({ price: '1' })], validTo: from },
        { version: 'new', rates: [voice({ price: '2' })], validFrom: from },
        { version: 'campaign', rates: [voice({ price: '3' })], validFrom: from + 60_000, validTo: from + 120_000, publishedAt: 1 },
      ],
    });
    const version = (at: number) => rate(tariff, call({ at })).version;
    expect([from - 1, from, from + 60_000, from + 119_999, from + 120_000].map(version)).toEqual([
      'old',
      'new',
      'campaign',
      'campaign',
      'new',
    ]);
    const ended = tariffOf([voice()], {}, { validTo: from });
    expect(newRater(ended).rate(call({ at: from }), newAccount())).toEqual({ ok: false, reason: 'no_version' });
    expect(newRater(tariffOf([voice({ prefix: '33' })])).rate(call(), newAccount())).toEqual({ ok: false, reason: 'no_rate' });
  });

  it('what a version has no rate for is left to the one before', () => {
    const from = Date.UTC(2026, 10, 20, 12);
    const tariff = tariffOf([], {
      versions: [
        { version: '3', rates: [voice({ price: '1' }), voice({ service: 'sms', price: '2', unit: 'event' })] },
        { version: '3.1', rates: [voice({ service: 'sms', price: '4', unit: 'event' })], validFrom: from, publishedAt: from },
      ],
    });
    expect(rate(tariff, call({ at: from }))).toMatchObject({ version: '3', net: 1_000_000n });
    expect(rate(tariff, call({ service: 'sms', at: from, events: 1 }))).toMatchObject({ version: '3.1', net: 4_000_000n });
    expect(rate(tariff, call({ service: 'sms', at: from - 1, events: 1 }))).toMatchObject({ version: '3', net: 2_000_000n });
  });

  it('time bands by the clock of the tariff: at the start, or increment by increment', () => {
    const rates = [
      voice({ price: '0.60', timeBand: 'peak', minimum: 60, increment: 60 }),
      voice({ price: '0.06', minimum: 60, increment: 60 }),
    ];
    const calendar = {
      timeZone: 'Europe/Berlin',
      holidays: ['2026-11-20'],
      bands: [{ name: 'peak', days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }],
    };
    // 17:58:30 in Berlin, 4 min: minutes begin at 17:58:30, 17:59:30 (peak), 18:00:30, 18:01:30.
    const usage = call({ at: Date.UTC(2026, 10, 20, 16, 58, 30), ms: 240_000 });
    expect(net(rates, usage, {}, { calendar })).toBe(2_400_000n);
    expect(net(rates, usage, {}, { calendar, bandBy: 'increment' })).toBe(1_320_000n);
    const holidays = { ...calendar, bands: [...calendar.bands, { name: 'none', days: [8], from: '00:00', to: '24:00' }] };
    expect(net(rates, usage, {}, { calendar: holidays })).toBe(240_000n);
  });

  it('the free part of a call across bands is its beginning', () => {
    const rates = [
      voice({ price: '0.60', timeBand: 'peak', minimum: 60, increment: 60 }),
      voice({ price: '0.06', minimum: 60, increment: 60 }),
    ];
    const calendar = { timeZone: 'UTC', holidays: [], bands: [{ name: 'peak', days: [5], from: '08:00', to: '18:00' }] };
    const allowances = [{ name: 'a', services: [], zones: [], quantity: 60, measure: 'time' as const, period: 'month' as const }];
    const usage = call({ at: Date.UTC(2026, 10, 20, 17, 58, 30), ms: 240_000 });
    expect(net(rates, usage, { allowances }, { calendar, bandBy: 'increment' })).toBe(720_000n);
  });

  it('allowances: covered, partly covered, used up, new month', () => {
    const allowances = [
      { name: 'minutes', services: ['voice'], zones: [], quantity: 150, measure: 'time' as const, period: 'month' as const },
    ];
    const rater = newRater(tariffOf([voice({ setUp: '0.10' })], { allowances }));
    const account = newAccount();
    const next = (at = Date.UTC(2026, 10, 20)) => rater.rate(call({ ms: 100_000, at }), account) as Rated;
    expect(next()).toMatchObject({ net: 0n, free: 100_000, zeroReason: 'allowance' });
    // 50 s free, 50 s paid: 50/60 x 0.09 = 0.075, and the set-up fee.
    expect(next()).toMatchObject({ net: 175_000n, free: 50_000 });
    expect(next()).toMatchObject({ net: 250_000n, free: 0 });
    expect(next(Date.UTC(2026, 11, 1))).toMatchObject({ net: 0n, free: 100_000 });
  });

  it('carry-over: the oldest is used first, up to a limit, and expires', () => {
    const allowance = {
      name: 'mib',
      services: ['data'],
      zones: [],
      quantity: 100,
      measure: 'volume' as const,
      period: 'month' as const,
      carryPeriods: 1,
      carryLimit: 60,
    };
    const data: Rate = { service: 'data', price: '1', unit: 'octet' };
    const rater = newRater(tariffOf([data], { allowances: [allowance] }));
    const account = newAccount();
    const free = (octets: number, month: number) =>
      (rater.rate(call({ service: 'data', octets, at: Date.UTC(2026, month, 10) }), account) as Rated).free;
    expect(free(10, 0)).toBe(10);
    // 90 left, 60 carried, 100 new: 160.
    expect(free(200, 1)).toBe(160);
    // Nothing left of February, 100 of March. April was not used: it carries 60 into May; March is gone.
    expect(free(40, 2)).toBe(40);
    expect(free(500, 4)).toBe(160);
    expect(free(500, 4)).toBe(0);
  });

  it('discounts in order, within their validity, exclusive ones end the list', () => {
    const at = call().at;
    const of = (more: object) => ({ name: 'd', services: [], zones: [], percent: '10', ...more });
    const with_ = (...discounts: readonly object[]) => net([voice({ price: '1' })], call(), { discounts: discounts.map(of) });
    expect(with_({})).toBe(900_000n);
    expect(with_({}, { percent: '50' })).toBe(450_000n);
    expect(with_({ exclusive: true }, { percent: '50' })).toBe(900_000n);
    expect(with_({ validTo: at }, { percent: '33.3333' })).toBe(666_667n);
    expect(with_({ services: ['sms'] }, { zones: ['eu'] })).toBe(1_000_000n);
    expect(with_({ percent: '100' })).toBe(0n);
    expect(() => with_({ percent: '101' })).toThrow('not a percentage');
    expect(() => with_({ percent: '0.00001' })).toThrow('not a percentage');
  });

  it('tax added to or contained in prices', () => {
    const tax = (included: boolean) => [{ name: 'VAT', percent: '19', included }];
    expect(rate(tariffOf([voice({ price: '1' })], { decimals: 2, taxes: tax(false) }))).toMatchObject({
      net: 1_000_000n,
      tax: 190_000n,
      gross: 1_190_000n,
    });
    // 1.00 gross: 1 / 1.19 = 0.840336… net.
    expect(rate(tariffOf([voice({ price: '1' })], { decimals: 2, taxes: tax(true) }))).toMatchObject({
      net: 840_000n,
      tax: 160_000n,
      gross: 1_000_000n,
    });
  });

  it('exchange: the stated way, back, the rate of the day, none', () => {
    const converter = newConverter(
      [
        { from: 'USD', to: 'EUR', rate: '0.92', validTo: 100 },
        { from: 'USD', to: 'EUR', rate: '0.90', validFrom: 100 },
      ],
      2,
      'half_even',
    );
    expect(converter.convert(1_000_000n, 'USD', 'EUR', 99)).toBe(920_000n);
    expect(converter.convert(1_000_000n, 'USD', 'EUR', 100)).toBe(900_000n);
    expect(converter.convert(920_000n, 'EUR', 'USD', 0)).toBe(1_000_000n);
    expect(converter.convert(1_000_000n, 'EUR', 'EUR', 0)).toBe(1_000_000n);
    expect(converter.convert(1n, 'CHF', 'EUR', 0)).toBeUndefined();
    expect(() => newConverter([{ from: 'A', to: 'B', rate: '0' }], 2, 'down')).toThrow(RangeError);
  });

  it('rows of the reference table make a tariff', () => {
    const row = {
      tariff: 'basic',
      version: '7',
      service: 'voice',
      prefix: '49',
      zone: '',
      time_band: '',
      setup: '0.01',
      per_unit: '0.09',
      unit: 'minute',
      minimum_seconds: 60,
      increment_seconds: 60,
      currency: 'EUR',
      valid_from: 0,
      valid_to: 0,
    };
    const rest = { decimals: 6, rounding: 'half_up', timeZone: 'UTC' } as const;
    const tariff = tariffOfRows([row, { ...row, version: '8', per_unit: '0.10', valid_from: call().at }], rest);
    expect(rate(tariff, call({ ms: 61_000 }))).toMatchObject({ net: 210_000n, version: '8' });
    expect(rate(tariff, call({ ms: 61_000, at: call().at - 1 }))).toMatchObject({ net: 190_000n, version: '7' });
    expect(() => tariffOfRows([{ ...row, unit: 'furlong' }], rest)).toThrow('no unit is called furlong');
    expect(() => tariffOfRows([row, { ...row, currency: 'USD' }], rest)).toThrow('EUR and USD');
  });
});

describe('properties', () => {
  const seconds = fc.integer({ min: 0, max: 20_000 });
  const price = fc.integer({ min: 0, max: 5_000_000 }).map((micro) => `${Math.floor(micro / 1e6)}.${`${micro % 1e6}`.padStart(6, '0')}`);
  const rates = fc.record({ price, setUp: price, minimum: fc.constantFrom(0, 1, 30, 60), increment: fc.constantFrom(1, 6, 30, 60) });

  it('exact: as whole numbers computed by themselves', () => {
    fc.assert(
      fc.property(rates, seconds, (of, length) => {
        const micro = (text: string) => BigInt(text.replace('.', ''));
        const charged =
          length === 0
            ? 0
            : length <= of.minimum
              ? of.minimum
              : of.minimum + Math.ceil((length - of.minimum) / of.increment) * of.increment;
        const sixtieths = micro(of.price) * BigInt(charged) + (charged === 0 ? 0n : micro(of.setUp) * 60n);
        expect(net([voice(of)], call({ ms: length * 1000 }))).toBe((sixtieths * 2n + 60n) / 120n);
      }),
    );
  });

  it('longer never costs less', () => {
    fc.assert(
      fc.property(rates, seconds, seconds, (of, a, b) => {
        const cost = (length: number) => net([voice(of)], call({ ms: length * 1000 }));
        expect(cost(Math.min(a, b)) <= cost(Math.max(a, b))).toBe(true);
      }),
    );
  });

  it('a whole call by increments costs the sum of its bands, whatever the bands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1439 }), fc.integer({ min: 1, max: 400 }), (minute, minutes) => {
        const clock = `${`${Math.floor(minute / 60)}`.padStart(2, '0')}:${`${minute % 60}`.padStart(2, '0')}`;
        const bands = [{ name: 'late', days: [1, 2, 3, 4, 5, 6, 7], from: clock, to: '24:00' }];
        const of = [voice({ price: '2', timeBand: 'late', increment: 60 }), voice({ price: '1', increment: 60 })];
        const at = Date.UTC(2026, 10, 20, 12, 0, 30);
        let expected = 0n;
        for (let step = 0; step < minutes; step++) expected += (720.5 + step) % 1440 >= minute ? 2_000_000n : 1_000_000n;
        const calendar = { timeZone: 'UTC', holidays: [], bands };
        expect(net(of, call({ at, ms: minutes * 60_000 }), {}, { calendar, bandBy: 'increment' })).toBe(expected);
      }),
    );
  });

  it('an allowance gives in a month what it grants, never more', () => {
    const allowances = [{ name: 'a', services: [], zones: [], quantity: 3_000, measure: 'time' as const, period: 'month' as const }];
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 30 }), (lengths) => {
        const rater = newRater(tariffOf([voice({ increment: 1 })], { allowances }));
        const account = newAccount();
        const free = lengths.reduce((sum, length) => sum + (rater.rate(call({ ms: length * 1000 }), account) as Rated).free, 0);
        expect(free).toBe(
          Math.min(
            3_000_000,
            lengths.reduce((sum, length) => sum + length * 1000, 0),
          ),
        );
      }),
    );
  });

  it('gross is net and tax, and tax contained in a price leaves the price', () => {
    fc.assert(
      fc.property(rates, seconds, fc.integer({ min: 0, max: 30 }), fc.boolean(), (of, length, percent, included) => {
        const taxes = [{ name: 'VAT', percent: `${percent}`, included }];
        const usage = call({ ms: length * 1000 });
        const rated = rate(tariffOf([voice(of)], { decimals: 2, taxes }), usage);
        expect(rated.gross).toBe(rated.net + rated.tax);
        if (included) expect(rated.gross).toBe(net([voice(of)], usage, { decimals: 2 }));
      }),
    );
  });
});
