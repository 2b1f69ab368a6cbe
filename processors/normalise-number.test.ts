import fc from 'fast-check';
import { type CountryCode, getCountries, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';
import { expect, it } from 'vitest';
import { countryOfE164, isE164 } from './e164.ts';
import { normaliseNumber } from './normalise-number.ts';

/** Random valid numbers of one country, drawn from its pattern; the few longer than E.164 allows (Germany, Japan, Austria) are left out. */
function sample(country: CountryCode, count: number): PhoneNumber[] {
  const row = (metadata.countries as unknown as Record<string, readonly unknown[]>)[country]!;
  const pattern = fc.stringMatching(new RegExp(`^(?:${String(row[2])})$`));
  return fc
    .sample(pattern, { numRuns: count * 6, seed: 7 })
    .map((digits) => parsePhoneNumberFromString(`+${String(row[0])}${digits}`))
    .filter((number) => number?.isValid() === true && number.country === country && number.number.length <= 16)
    .slice(0, count) as PhoneNumber[];
}

const numbers = getCountries().flatMap((country) => sample(country, 20).map((number) => ({ country, number })));
const bare = (number: PhoneNumber): string => number.number.slice(1);

/** Share of the sample on which `agree` holds, and the countries where it does not. */
function agreement(agree: (country: CountryCode, number: PhoneNumber) => boolean): { share: number; differing: string[] } {
  const wrong = numbers.filter(({ country, number }) => !agree(country, number));
  return { share: 1 - wrong.length / numbers.length, differing: [...new Set(wrong.map(({ country }) => country))].sort() };
}

it('draws a sample from every country', () => {
  expect(new Set(numbers.map(({ country }) => country)).size).toBeGreaterThan(230);
  expect(numbers.length).toBeGreaterThan(4000);
});

it('agrees with libphonenumber on international numbers, however they are written', () => {
  for (const home of ['DE', 'US', 'BR', '']) {
    const forms: ((number: PhoneNumber) => string)[] = [
      (number) => number.number,
      (number) => number.formatInternational(),
      (number) => `tel:${number.number}`,
      (number) => `sip:${number.number}@host.example;user=phone`,
      (number) => `00${bare(number)}`,
      (number) => `${number.number} ext. 12`,
    ];
    for (const form of forms)
      expect(agreement((_, number) => normaliseNumber(form(number), home).identity === bare(number)).share).toBeGreaterThan(0.999);
  }
});

it('agrees with libphonenumber on national numbers of every home country', () => {
  const { differing } = agreement((country, number) => {
    const written = number.formatNational();
    // where libphonenumber does not read its own form back there is nothing to agree with
    if (parsePhoneNumberFromString(written, country)?.number !== number.number) return true;
    return normaliseNumber(written, country).identity === bare(number);
  });
  // Argentina writes mobiles with a 15 in the middle, Gabon keeps an old form that is rearranged: both need rules of their own
  expect(differing).toEqual(['AR', 'GA']);
});

it('names the country, where a calling code is shared too', () => {
  const { share } = agreement((country, number) => countryOfE164(bare(number)) === country);
  expect(share).toBeGreaterThan(0.995);
});

it('takes what it made, as E.164', () => {
  for (const { number } of numbers) {
    expect(isE164(bare(number))).toBe(true);
    expect(normaliseNumber(`+${bare(number)}`, 'DE')).toEqual({ identity: bare(number), form: 'e164' });
  }
});

it('changes nothing when a country with trunk prefix reads its own result again', () => {
  for (const home of ['DE', 'FR', 'GB', ''])
    for (const { number } of numbers) {
      const { identity } = normaliseNumber(number.number, home);
      if (identity.length >= 9) expect(normaliseNumber(identity, home).identity).toBe(identity);
    }
});

it.each([
  ['0171 1234567', '491711234567', 'e164'],
  ['(030) 12 34 56-78', '493012345678', 'e164'],
  ['+44 (0)20 7946 0958', '442079460958', 'e164'],
  ['0044 20 7946 0958', '442079460958', 'e164'],
  ['4930123456', '4930123456', 'e164'],
  ['33612345678', '33612345678', 'e164'],
  ['1711234567', '491711234567', 'e164'],
  ['tel:+49-30-123456;ext=5', '4930123456', 'e164'],
  ['sip:+4930123456@10.0.0.1:5060;user=phone', '4930123456', 'e164'],
  ['+1 (212) 555-1234 x22', '12125551234', 'e164'],
  ['＋４９ ３０ １２３４５６', '4930123456', 'e164'],
  ['110', '110', 'digits'],
  ['22833', '22833', 'digits'],
  ['+999123456', '999123456', 'digits'],
  ['12345678901234567890', '12345678901234567890', 'digits'],
  ['*100#', '*100#', 'name'],
  ['#31#0171234567', '#31#0171234567', 'name'],
  ['Bank AG', 'bank ag', 'name'],
  ['Alice@Example.net', 'alice@example.net', 'name'],
  ['sip:alice@example.net;transport=tcp', 'alice@example.net', 'name'],
  ['ANONYMOUS', '', 'anonymous'],
  ['sip:anonymous@anonymous.invalid', '', 'anonymous'],
  ['', '', 'empty'],
  ['   ', '', 'empty'],
])('%s is %s (%s)', (raw, identity, form) => {
  expect(normaliseNumber(raw, 'DE')).toEqual({ identity, form });
});

it('reads the international prefix of the home country', () => {
  expect(normaliseNumber('011 44 20 7946 0958', 'US').identity).toBe('442079460958');
  expect(normaliseNumber('212 555 1234', 'US').identity).toBe('12125551234');
  expect(normaliseNumber('0 21 11 98765 4321', 'BR').identity).toBe('5511987654321');
  expect(normaliseNumber('333 1234567', 'IT').identity).toBe('393331234567');
  expect(normaliseNumber('8 916 123-45-67', 'RU').identity).toBe('79161234567');
  expect(normaliseNumber('0171 1234567', '').form).toBe('digits');
});

it('takes any junk, and what it gives is stable', () => {
  const signs = fc.string({ unit: fc.constantFrom(...'0123456789+-(). #*;@:extsip\u0660\uff11Aa\u00a0'), maxLength: 40 });
  fc.assert(
    fc.property(fc.oneof(signs, fc.string({ unit: 'binary', maxLength: 60 })), fc.constantFrom('DE', 'US', 'IT', ''), (raw, home) => {
      const { identity, form } = normaliseNumber(raw, home);
      if (form === 'e164') {
        expect(identity).toMatch(/^[1-9]\d{6,14}$/);
        expect({ ...normaliseNumber(`+${identity}`, home) }).toEqual({ identity, form });
      } else if (form === 'digits') {
        expect(identity).toMatch(/^\d+$/);
      } else if (form !== 'name') {
        expect(identity).toBe('');
      }
    }),
    { seed: 8, numRuns: 1000 },
  );
});
