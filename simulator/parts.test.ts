import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { amountText, secondsText } from './feed.ts';
import { fileName, trailerLine } from './file.ts';
import { hour, isoText, offsetText, stampText } from './instant.ts';
import { foreignNumber, homeNumber, imeiOf, imsiOf } from './numbers.ts';
import { eventTimeAt } from './operate.ts';
import { plans, priceOf, wholesale } from './plans.ts';
import { draws, keyOf } from './random.ts';
import { rhythm } from './rhythm.ts';
import { createWorld } from './world.ts';

describe('the documented examples', () => {
  it('hold', () => {
    expect(offsetText(-300)).toBe('-05:00');
    expect(offsetText(330)).toBe('+05:30');
    expect(isoText(0, -300, '-05:00')).toBe('1969-12-31T19:00:00.000-05:00');
    expect(secondsText(61_500)).toBe('61.5');
    expect(stampText(0)).toBe('19700101T000000');
    expect(fileName('msc-1', 123, 0, 'csv')).toBe('msc-1_000123_19700101T000000.csv');
    expect(trailerLine({ records: 2, durationMs: 61_500, octets: 0, charge: 1_250_000 })).toBe('#trailer,2,61.5,0,1.250000');
    expect(homeNumber(0)).toBe('12015550100');
    expect(imsiOf(5)).toBe('999700000000005');
    expect(imeiOf('00100101', 7)).toBe('001001010000070');
    expect(priceOf(plans[0]!.rates.voice.national, 61_000)).toBe(120_000);
    expect(createWorld({ subscribers: 2 }).subscriberList[0]!.number).toBe('12015550100');
    expect(eventTimeAt({ startedAt: 7_200_000, from: 0, speed: 60 }, 7_260_000)).toBe(3_600_000);
    const wednesday = Math.floor(Date.UTC(2026, 10, 18) / 86_400_000);
    const noon = (freeDays: readonly number[]) => rhythm(7, 'voice', Date.UTC(2026, 10, 18, 12), 0, false, freeDays);
    expect(noon([wednesday])).toBeLessThan(0.75 * noon([]));
    expect(noon([wednesday + 1])).toBe(noon([]));
    expect(rhythm(7, 'voice', Date.UTC(2026, 10, 18, 3), 0) < rhythm(7, 'voice', Date.UTC(2026, 10, 18, 11), 0)).toBe(true);
  });

  it('write instants that every reader takes for the same moment', () => {
    for (const instant of [0, 1, 1_795_194_123_456, Date.UTC(2028, 1, 29, 23, 59, 59, 999), Date.UTC(2026, 11, 31, 4)]) {
      expect(Date.parse(isoText(instant, -300, '-05:00'))).toBe(instant);
      expect(Date.parse(isoText(instant, 330, '+05:30'))).toBe(instant);
    }
  });

  it('never let event time lie in the future once it has caught up', () => {
    const pace = { startedAt: 100 * hour, from: 94 * hour, speed: 60 };
    expect(eventTimeAt(pace, 99 * hour)).toBe(94 * hour);
    expect(eventTimeAt(pace, 102 * hour)).toBe(102 * hour);
  });
});

describe('numbers', () => {
  it('are E.164 and belong to nobody', () => {
    for (let index = 0; index < 400; index++) {
      const number = homeNumber(index * 25);
      expect(number).toMatch(/^1[2-9]\d\d5550[1]\d\d$/);
      expect(parsePhoneNumberFromString(`+${number}`)?.countryCallingCode).toBe('1');
    }
    expect(homeNumber(5_000_000)).toMatch(/^1[2-9]9\d[2-9]\d{6}$/);
    expect(homeNumber(80_000_000)).toMatch(/^1[2-9]9\d[2-9]\d{6}$/);
  });

  it('are all different', () => {
    const numbers = Array.from({ length: 30_000 }, (_, index) => homeNumber(index));
    expect(new Set(numbers).size).toBe(30_000);
  });

  it('abroad are of the country they claim', () => {
    for (let i = 0; i < 300; i++) {
      const { number, destination } = foreignNumber(draws(keyOf(7, i)));
      const parsed = parsePhoneNumberFromString(`+${number}`);
      expect(parsed?.countryCallingCode, number).toBe(destination.prefix);
      expect(parsed?.isPossible(), number).toBe(true);
    }
  });
});

describe('prices', () => {
  it('are whole micro-units for every length', () => {
    for (const plan of [...plans.map((one) => one.rates), wholesale]) {
      for (const rate of [plan.voice.national, plan.voice.world, plan.data.roaming, plan.sms.europe]) {
        for (const quantity of [1, 999, 1000, 61_001, 3_599_999, 123_456_789])
          expect(Number.isSafeInteger(priceOf(rate, quantity))).toBe(true);
      }
    }
  });

  it('by hand: seconds, started minutes with a set-up fee, KiB', () => {
    const office = plans.find((plan) => plan.name === 'office')!.rates;
    expect(priceOf(office.voice.national, 61_200)).toBe(31_000);
    expect(priceOf(plans[0]!.rates.voice.world, 1)).toBe(470_000);
    expect(priceOf(plans[0]!.rates.data.national, 1_048_576)).toBe(8_000);
    expect(priceOf(plans[0]!.rates.data.national, 1)).toBe(8);
    expect(amountText(470_000)).toBe('0.470000');
    expect(amountText(12_000_000)).toBe('12');
  });
});
