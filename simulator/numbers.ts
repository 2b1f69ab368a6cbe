/**
 * Numbers that belong to nobody. Home numbers lie in +1 (area code) 555-0100 to 0199, which the North American Numbering Plan keeps for
 * fiction; beyond those, in the N9X area codes that it holds back for expansion and has never assigned. Foreign numbers lie in ranges that the
 * regulators publish for drama use (Ofcom, ARCEP, ComReg, BNetzA, PTS). Networks use mobile country code 999 (ITU-T E.212: internal use), devices the
 * reporting body identifier 00 (GSMA TS.06: test IMEI).
 */
import { type Draws, integer, uniform, weighted } from './random.ts';

const areaCodes = [
  '201',
  '202',
  '203',
  '205',
  '206',
  '207',
  '208',
  '209',
  '210',
  '212',
  '213',
  '214',
  '215',
  '216',
  '217',
  '218',
  '219',
  '224',
  '225',
  '228',
  '229',
  '231',
  '234',
  '239',
  '240',
  '248',
  '251',
  '252',
  '253',
  '254',
  '256',
  '260',
  '262',
  '267',
  '269',
  '270',
  '276',
  '281',
  '301',
  '302',
  '303',
  '304',
  '305',
  '307',
  '308',
  '309',
  '310',
  '312',
  '313',
  '314',
  '315',
  '316',
  '317',
  '318',
  '319',
  '320',
  '321',
  '323',
  '325',
  '330',
  '334',
  '336',
  '337',
  '339',
  '347',
  '351',
  '352',
  '360',
  '361',
  '386',
  '401',
  '402',
  '404',
  '405',
  '406',
  '407',
  '408',
  '409',
  '410',
  '412',
  '413',
  '414',
  '415',
  '417',
  '419',
  '423',
  '424',
  '425',
  '430',
  '432',
  '434',
  '435',
  '440',
  '443',
  '469',
  '478',
  '479',
  '480',
  '484',
  '501',
  '502',
  '503',
  '504',
  '505',
  '507',
  '508',
  '509',
  '510',
] as const;

const fictitious = areaCodes.length * 100;

/**
 * Home number of an index: E.164 digits without +.
 * @example homeNumber(0) // '12015550100'
 */
export function homeNumber(index: number): string {
  if (index < fictitious) return `1${areaCodes[index % areaCodes.length]}5550${100 + Math.floor(index / areaCodes.length)}`;
  const rest = index - fictitious;
  return `1${2 + (Math.floor(rest / 80_000_000) % 8)}9${Math.floor(rest / 8_000_000) % 10}${2_000_000 + (rest % 8_000_000)}`;
}

/** Digits of a number written in national form inside the home country. */
export const homeCountry = { code: '1', iso: 'US', name: 'United States' } as const;

/** A range of another country that is published for fiction. */
export interface Destination {
  readonly country: string;
  readonly name: string;
  /** E.164 prefix for the prefix table. */
  readonly prefix: string;
  readonly zone: 'national' | 'europe' | 'world';
  /** Digits up to the free ones, and how many are free. */
  readonly stem: string;
  readonly free: number;
}

export const destinations: readonly Destination[] = [
  { country: 'GB', name: 'United Kingdom', prefix: '44', zone: 'europe', stem: '447700900', free: 3 },
  { country: 'FR', name: 'France', prefix: '33', zone: 'europe', stem: '3363998', free: 4 },
  { country: 'DE', name: 'Germany', prefix: '49', zone: 'europe', stem: '493023125', free: 3 },
  { country: 'IE', name: 'Ireland', prefix: '353', zone: 'europe', stem: '35320915', free: 4 },
  { country: 'SE', name: 'Sweden', prefix: '46', zone: 'europe', stem: '468465004', free: 2 },
  { country: 'AU', name: 'Australia', prefix: '61', zone: 'world', stem: '6149157', free: 4 },
];

const shares = [0.4, 0.56, 0.72, 0.82, 0.9, 1];

/** Number of another country and where it lies. */
export function foreignNumber(from: Draws): { readonly number: string; readonly destination: Destination } {
  const destination = destinations[weighted(from, shares)]!;
  const free = destination.free;
  const value =
    destination.country === 'AU' ? australian[integer(from, australian.length)]! : `${integer(from, 10 ** free)}`.padStart(free, '0');
  return { number: destination.stem + value, destination };
}

/** ACMA lists single mobile numbers for fiction, not a range. */
const australian = ['0006', '0156', '0157', '0158', '0159', '0110', '0313', '0737'];

/** Home network for the IMSI, and the network of the host that carries the traffic. */
export const homeNetwork = '999-70';
export const hostNetwork = '999-71';

/** @example imsiOf(5) // '999700000000005' */
export function imsiOf(index: number): string {
  return `99970${`${index}`.padStart(10, '0')}`;
}

/** Type allocation codes of test devices; the model is what explanations show. */
export const devices = [
  { tac: '00100101', model: 'Aster 5' },
  { tac: '00100102', model: 'Aster 7' },
  { tac: '00100103', model: 'Birch S' },
  { tac: '00100104', model: 'Birch S2' },
  { tac: '00100105', model: 'Cedar One' },
  { tac: '00100106', model: 'Meter M2' },
] as const;

/**
 * IMEI with its Luhn check digit.
 * @example imeiOf('00100101', 7) // '001001010000070'
 */
export function imeiOf(tac: string, serial: number): string {
  const body = `${tac}${`${serial % 1_000_000}`.padStart(6, '0')}`;
  let sum = 0;
  for (let i = 0; i < 14; i++) {
    const digit = body.charCodeAt(i) - 48;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** Whether a call leaves the country. */
export function goesAbroad(from: Draws): boolean {
  return uniform(from) < 0.06;
}
