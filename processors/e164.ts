/** The numbering plans in memory: which digits are an E.164 number, and of which country. Built once from `e164-prefixes.ts`. */
import { countryRows, territoryPrefixes } from './e164-prefixes.ts';
import { createPrefixTable } from './prefix-table.ts';

/** The plan of one country, or of all countries that share a calling code. */
export interface NumberingPlan {
  /** ISO 3166 alpha-2; 001 = not of one country. */
  readonly country: string;
  readonly callingCode: string;
  /** What may stand before national numbers, longest first; the ordinary trunk prefix is among them. */
  readonly trunks: readonly string[];
  /** National numbers are also written without trunk prefix. */
  readonly bare: boolean;
  /** International prefixes, longest first. */
  readonly international: readonly string[];
  /** By two leading digits: bit n = a national number may have n digits. */
  readonly lengths: Uint32Array;
}

/** A number has at most 15 digits with its calling code: ITU-T E.164, section 6.2. */
export const longestNumber = 15;

const words = (text: string): string[] => (text === '' ? [] : text.split(' '));

const plans: NumberingPlan[] = countryRows.map((row) => {
  const [country = '', callingCode = '', trunks = '', bare = '', international = '', lengths = ''] = row.split(',');
  return { country, callingCode, trunks: words(trunks), bare: bare !== '', international: words(international), lengths: unpack(lengths) };
});

const plansByCountry = new Map(plans.filter(({ country }) => country !== '001').map((plan) => [plan.country, plan]));

/** One plan per calling code: the main country's, with the lengths of all that share it. */
const plansByCode: NumberingPlan[] = [];
/** Index into `plansByCode` by three leading digits, or -1: calling codes are free of each other's prefixes. */
const codeAt = new Int16Array(1000).fill(-1);
for (const plan of plans) {
  const index = plansByCode.findIndex(({ callingCode }) => callingCode === plan.callingCode);
  if (index >= 0) {
    plan.lengths.forEach((mask, pair) => {
      plansByCode[index]!.lengths[pair]! |= mask;
    });
    continue;
  }
  const width = 10 ** (3 - plan.callingCode.length);
  codeAt.fill(plansByCode.length, Number(plan.callingCode) * width, (Number(plan.callingCode) + 1) * width);
  plansByCode.push({ ...plan, lengths: plan.lengths.slice() });
}

const territories = territoryPrefixes.split(' ').map((entry) => ({ prefix: entry.slice(0, -2), country: entry.slice(-2) }));
const territoryTable = createPrefixTable(territories);

function unpack(runs: string): Uint32Array {
  const lengths = new Uint32Array(100);
  let at = 0;
  for (const run of runs.split(' ')) {
    const [mask = '0', count = '1'] = run.split('*');
    lengths.fill(Number.parseInt(mask, 36), at, at + Number.parseInt(count, 36));
    at += Number.parseInt(count, 36);
  }
  return lengths;
}

/** @example planOf('DE')?.callingCode // '49' */
export function planOf(country: string): NumberingPlan | undefined {
  return plansByCountry.get(country);
}

/** The plan behind the calling code with which the digits from `from` to `to` begin; undefined = no such code. */
export function planOfDigits(digits: Uint8Array, from: number, to: number): NumberingPlan | undefined {
  if (to - from < 3) return undefined;
  return plansByCode[codeAt[digits[from]! * 100 + digits[from + 1]! * 10 + digits[from + 2]!]!];
}

/** Whether the digits from `from` to `to` have a length that the plan knows behind their first two. */
export function fits(plan: NumberingPlan, digits: Uint8Array, from: number, to: number): boolean {
  const length = to - from;
  if (length < 2 || length + plan.callingCode.length > longestNumber) return false;
  return ((plan.lengths[digits[from]! * 10 + digits[from + 1]!]! >>> length) & 1) === 1;
}

const scratch = new Uint8Array(longestNumber);

function planOfNumber(number: string): NumberingPlan | undefined {
  const length = number.length;
  if (length > longestNumber || length < 4) return undefined;
  for (let at = 0; at < length; at += 1) {
    const digit = number.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    scratch[at] = digit;
  }
  const plan = planOfDigits(scratch, 0, length);
  return plan !== undefined && fits(plan, scratch, plan.callingCode.length, length) ? plan : undefined;
}

/**
 * Whether the digits are an E.164 number with a known calling code and a possible length.
 * @example isE164('4930123456') // true
 */
export function isE164(number: string): boolean {
  return planOfNumber(number) !== undefined;
}

/**
 * The country of E.164 digits, ISO 3166 alpha-2; '001' = not of one country, '' = not known. Where countries share a calling
 * code and the leading digits do not tell them apart, the main one.
 * @example countryOfE164('12425551234') // 'BS'
 */
export function countryOfE164(number: string): string {
  const territory = territoryTable.longest(number);
  if (territory >= 0) return territories[territory]!.country;
  return planOfNumber(number)?.country ?? '';
}

/** @example callingCodeLength('4930123456') // 2 */
export function callingCodeLength(number: string): number {
  return planOfNumber(number)?.callingCode.length ?? 0;
}
