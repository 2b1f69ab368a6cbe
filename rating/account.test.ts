import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newAccount } from './account.ts';
import { newConverter } from './currency.ts';
import { newRater, type Rated } from './rater.ts';
import { call, tariffOf } from './tariff.fixture.ts';
import type { Allowance, Rate, Tariff } from './tariff.ts';

const voice: Rate = { service: 'voice', price: '0.09', unit: 'minute' };
const minutes = (more: Partial<Allowance> = {}): Allowance => ({
  name: 'minutes',
  services: ['voice'],
  zones: [],
  quantity: 600,
  measure: 'time',
  period: 'month',
  ...more,
});

/** Rates calls of so many seconds at instants, one account. */
function rateAll(tariff: Tariff, calls: readonly (readonly [at: number, seconds: number])[]): readonly Rated[] {
  const rater = newRater(tariff);
  const account = newAccount();
  return calls.map(([at, seconds]) => {
    const rated = rater.rate(call({ at, ms: seconds * 1000 }), account);
    if (!rated.ok) throw new Error(rated.reason);
    return rated;
  });
}
const freeOf = (rated: readonly Rated[]) => rated.map(({ free }) => free / 1000);

describe('allowances by hand', () => {
  it('of a day end at midnight of the clock of the tariff', () => {
    const tariff = tariffOf([voice], { timeZone: 'Europe/Berlin', allowances: [minutes({ period: 'day', quantity: 100 })] });
    // 22:59:59 UTC is 23:59:59 in Berlin, a second later the next day begins there.
    const last = Date.UTC(2026, 10, 20, 22, 59, 59);
    expect(
      freeOf(
        rateAll(tariff, [
          [last - 60_000, 70],
          [last, 70],
          [last + 1000, 70],
          [last + 2000, 70],
        ]),
      ),
    ).toEqual([70, 30, 70, 30]);
  });

  it('of a month begin on the anchor day', () => {
    const tariff = tariffOf([voice], { allowances: [minutes({ anchorDay: 15 })] });
    const calls = [14, 15, 15].map((day) => [Date.UTC(2026, 10, day), 400] as const);
    // 400 of the period from 15 October; then 400 and 200 of that from 15 November.
    expect(freeOf(rateAll(tariff, calls))).toEqual([400, 400, 200]);
  });

  it('are taken in their order, and hold while they are valid', () => {
    const at = call().at;
    const gift = minutes({ name: 'gift', quantity: 50, validTo: at + 1000 });
    const tariff = tariffOf([voice], { allowances: [gift, minutes({ quantity: 100 })] });
    // The gift of 50 s and 10 of the minutes; the gift has ended then: the 90 that are left, and nothing.
    expect(
      freeOf(
        rateAll(tariff, [
          [at, 60],
          [at + 1000, 100],
          [at + 2000, 100],
        ]),
      ),
    ).toEqual([60, 90, 0]);
  });

  it('leave the set-up fee where they say so', () => {
    const rates = [{ ...voice, setUp: '0.05' }];
    const of = (coversSetUp: boolean) => rateAll(tariffOf(rates, { allowances: [minutes({ coversSetUp })] }), [[call().at, 60]])[0]!;
    expect(of(true)).toMatchObject({ net: 0n, zeroReason: 'allowance' });
    expect(of(false)).toMatchObject({ net: 50_000n, zeroReason: '' });
  });

  it('do not count towards tiers: 10 free minutes, then 10 at 0.09, then 0.03', () => {
    const rates = [{ ...voice, tiers: [{ from: 10, price: '0.03' }] }];
    const rated = rateAll(tariffOf(rates, { allowances: [minutes()] }), [
      [call().at, 900],
      [call().at, 900],
    ]);
    // 15 min: 10 free, 5 at 0.09 = 0.45. 15 more: 5 at 0.09 and 10 at 0.03 = 0.75.
    expect(rated.map(({ net }) => net)).toEqual([450_000n, 750_000n]);
  });
});

describe('all at once, by hand', () => {
  it('version, increment, allowance, set-up, two discounts, rounding, tax added', () => {
    const tariff = tariffOf([{ ...voice, price: '0.29', setUp: '0.15', minimum: 60, increment: 60 }], {
      decimals: 2,
      allowances: [minutes({ quantity: 60 })],
      discounts: [
        { name: 'loyal', services: [], zones: [], percent: '12.5' },
        { name: 'summer', services: ['voice'], zones: [], percent: '20', validTo: call().at + 1 },
      ],
      taxes: [{ name: 'VAT', percent: '19', included: false }],
    });
    // 185 s are 4 min, one free: 3 x 0.29 + 0.15 = 1.02; less 12.5 % = 0.8925; less 20 % = 0.714; rounded 0.71; tax 0.1349 = 0.13.
    const [first, second] = rateAll(tariff, [
      [call().at, 185],
      [call().at + 1, 60],
    ]);
    expect(first).toMatchObject({ charged: 240_000, free: 60_000, net: 710_000n, tax: 130_000n, gross: 840_000n });
    // The summer is over, nothing is free: 0.29 + 0.15 = 0.44; less 12.5 % = 0.385, half up 0.39; tax 0.0741 = 0.07.
    expect(second).toMatchObject({ net: 390_000n, tax: 70_000n, gross: 460_000n });
  });

  it('two taxes, one contained and one added, of which one ends', () => {
    const of = (at: number) =>
      rateAll(
        tariffOf([{ ...voice, price: '1.19' }], {
          decimals: 2,
          taxes: [
            { name: 'VAT', percent: '19', included: true },
            { name: 'levy', percent: '3', included: false, validTo: call().at + 1 },
          ],
        }),
        [[at, 60]],
      )[0]!;
    // 1.19 contains 0.19: net 1.00; the levy is 0.03 of it.
    expect(of(call().at)).toMatchObject({ net: 1_000_000n, tax: 220_000n, gross: 1_220_000n });
    expect(of(call().at + 1)).toMatchObject({ net: 1_000_000n, tax: 190_000n, gross: 1_190_000n });
  });

  it('a hundredth of a cent an octet adds up to the micro-unit: 333,333,333 octets at 0.000000003', () => {
    const data: Rate = { service: 'data', price: '0.000000003', unit: 'octet' };
    const rated = newRater(tariffOf([data])).rate(call({ service: 'data', octets: 333_333_333 }), newAccount());
    // 333333333 x 3e-9 = 0.999999999: half up to six decimals 1.000000.
    expect(rated).toMatchObject({ net: 1_000_000n });
  });
});

describe('properties', () => {
  it('carry-over: as counted month by month with buckets in a list', () => {
    const use = fc.record({ month: fc.integer({ min: 0, max: 5 }), seconds: fc.integer({ min: 1, max: 900 }) });
    fc.assert(
      fc.property(
        fc.array(use, { maxLength: 25 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 800 }),
        (uses, carryPeriods, carryLimit) => {
          const sorted = [...uses].sort((a, b) => a.month - b.month);
          const first = sorted[0]?.month ?? 0;
          // The model begins with the first usage, as an account does: at the start of each month what is too old goes, then the newest up to the limit stay, then 600 are granted.
          let buckets: { month: number; left: number }[] = [];
          let granted = first - 1;
          const expected = sorted.map(({ month, seconds }) => {
            while (granted < month) {
              granted++;
              let room = carryLimit;
              const kept: typeof buckets = [];
              for (const bucket of buckets.filter((each) => each.month + carryPeriods >= granted).reverse()) {
                const left = Math.min(bucket.left, room);
                room -= left;
                kept.unshift({ month: bucket.month, left });
              }
              buckets = [...kept, { month: granted, left: 600 }];
            }
            let wanted = seconds;
            for (const bucket of buckets) {
              const taken = Math.min(bucket.left, wanted);
              bucket.left -= taken;
              wanted -= taken;
            }
            return seconds - wanted;
          });
          const tariff = tariffOf([{ ...voice, increment: 1 }], { allowances: [minutes({ carryPeriods, carryLimit })] });
          const found = freeOf(
            rateAll(
              tariff,
              sorted.map(({ month, seconds }) => [Date.UTC(2026, month, 10), seconds] as const),
            ),
          );
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it('tiers: calls one by one cost what one call of all of them costs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (lengths) => {
        const tariff = tariffOf([
          {
            ...voice,
            tiers: [
              { from: 20, price: '0.05' },
              { from: 60, price: '0.01' },
            ],
          },
        ]);
        const at = call().at;
        const single = rateAll(
          tariff,
          lengths.map((length) => [at, length * 60] as const),
        ).reduce((sum, { net }) => sum + net, 0n);
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect(single).toBe(rateAll(tariff, [[at, total * 60]])[0]!.net);
        // Whole minutes, so nothing is rounded: 0.09 up to 20, 0.05 up to 60, 0.01 beyond.
        const micro = Math.min(total, 20) * 90_000 + Math.max(0, Math.min(total, 60) - 20) * 50_000 + Math.max(0, total - 60) * 10_000;
        expect(single).toBe(BigInt(micro));
      }),
    );
  });

  it('discounts of all usage never make more, and their order makes no difference before rounding', () => {
    const percent = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => (hundredths / 100).toFixed(2));
    fc.assert(
      fc.property(percent, percent, fc.integer({ min: 1, max: 5000 }), (a, b, seconds) => {
        const of = (...percents: string[]) =>
          rateAll(
            tariffOf([voice], { discounts: percents.map((each, at) => ({ name: `${at}`, services: [], zones: [], percent: each })) }),
            [[call().at, seconds]],
          )[0]!.net;
        expect(of(a, b)).toBe(of(b, a));
        expect(of(a, b) <= of(a)).toBe(true);
      }),
    );
  });

  it('exchange there and back by one rate loses at most half of the last decimal, valued in the other currency', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), fc.integer({ min: 1, max: 20_000 }), (micro, thousandths) => {
        const rate = (thousandths / 1000).toFixed(3);
        const converter = newConverter([{ from: 'USD', to: 'EUR', rate }], 6, 'half_even');
        const there = converter.convert(BigInt(micro), 'USD', 'EUR', 0)!;
        const back = Number(converter.convert(there, 'EUR', 'USD', 0)!);
        expect(Math.abs(back - micro)).toBeLessThanOrEqual(0.5 / Number(rate) + 0.5);
      }),
    );
  });
});
