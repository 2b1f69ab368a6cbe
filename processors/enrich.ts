/**
 * Adds what reference data and the numbers themselves know: destination, site, partner, plan, cause class, and in clear the
 * ranges that controls need. It fills what the source left empty and never overwrites what the source stated.
 */
import type { ProcessorContext, Reference } from '../core/context.ts';
import type { UsageRecord } from '../core/kinds/index.ts';
import { accepted, type Outcome } from '../core/outcome.ts';
import { terminateCause } from './causes.ts';
import { callingCodeLength, countryOfE164, isE164, longestNumber } from './e164.ts';
import { hasFlag, withFlag } from './flags.ts';

/** Digits at the end of a number that its range leaves open: a block of 100,000 numbers. */
const openDigits = 5;

/** From here on the digits in front of the open ones hold all that decides whether a number is E.164: calling code and two more. */
const shortestCached = 10;

/** Sets prefix, country, zone, cell facts, partner, plan, segment, cause_class, number_range and tac where they are empty. */
export function enrich(record: UsageRecord, context: ProcessorContext): Outcome {
  const { reference } = context;
  if (record.other_party_number !== '') addDestination(record, reference);
  if (record.cell !== '') addCell(record, reference);
  if (record.partner === '') addPartner(record, reference);
  if (record.cause_class === '') addCauseClass(record, reference);
  if (record.plan === '' || record.segment === '') addSubscription(record, reference);
  if (record.number_range === '') record.number_range = numberRange(record);
  if (record.tac === '' && record.imei_number.length >= 14) record.tac = record.imei_number.slice(0, 8);
  return accepted;
}

function addDestination(record: UsageRecord, reference: Reference): void {
  if (hasFlag(record.flags, 'not_e164')) return;
  const digits = record.other_party_number;
  const found = reference.destination(digits);
  if (found !== undefined) {
    if (record.prefix === '') record.prefix = found.prefix;
    if (record.country === '') record.country = found.country;
    if (record.zone === '') record.zone = found.zone;
  }
  if (record.country === '') record.country = countryOfE164(digits);
  if (record.prefix === '') record.prefix = digits.slice(0, callingCodeLength(digits));
}

function addCell(record: UsageRecord, reference: Reference): void {
  const facts = reference.cell(record.cell);
  if (facts === undefined) {
    if (reference.knowsCells) record.flags = withFlag(record.flags, 'unknown_cell');
    return;
  }
  if (record.site === '') record.site = facts.site;
  if (record.zone === '') record.zone = facts.zone;
  if (record.rat === '') record.rat = facts.rat;
  if (record.node === '') record.node = facts.node;
}

function addPartner(record: UsageRecord, reference: Reference): void {
  let partner: string | undefined;
  if (record.route !== '') partner = reference.partnerOfRoute(record.route);
  if (partner === undefined && record.trunk_in !== '') partner = reference.partnerOfRoute(record.trunk_in);
  if (partner === undefined && record.mcc_mnc !== '') partner = reference.partnerOfNetwork(record.mcc_mnc);
  if (partner !== undefined) record.partner = partner;
}

/**
 * The Q.850 value decides where both are stated: it is what the network itself released with. How a data session ended is its final status, where that is
 * a RADIUS terminate cause.
 */
function addCauseClass(record: UsageRecord, reference: Reference): void {
  if (record.cause !== 0) record.cause_class = reference.causeClass('q850', record.cause, record.partner) ?? 'unknown';
  else if (record.sip_code !== 0) record.cause_class = reference.causeClass('sip', record.sip_code, record.partner) ?? 'unknown';
  else if (record.service === 'data' && record.final_status !== '') {
    const cause = terminateCause(record.final_status);
    if (cause !== 0) record.cause_class = reference.causeClass('radius', cause, record.partner) ?? 'unknown';
  }
}

function addSubscription(record: UsageRecord, reference: Reference): void {
  const facts = reference.subscription(record.subscriber);
  if (facts === undefined) return;
  if (record.plan === '') record.plan = facts.plan;
  if (record.segment === '') record.segment = facts.segment;
}

/** Ranges met lately by the digits they begin with: a source's subscribers share a few of them, and each is checked and cut out once. */
const rangeSlots = 4096;
const rangeOf: string[] = new Array<string>(rangeSlots).fill('');
const rangeKeys = new Float64Array(rangeSlots);

/** The number without its last five digits, or the IMSI without its last five where the subscriber is no number. */
function numberRange(record: UsageRecord): string {
  const number = record.subscriber_number;
  if (number.length >= shortestCached) {
    const key = rangeKey(number);
    const slot = (keyHash ^ (keyHash >>> 12)) & (rangeSlots - 1);
    if (key > 0 && rangeKeys[slot] === key) return rangeOf[slot]!;
    if (key > 0 && isE164(number)) {
      rangeKeys[slot] = key;
      rangeOf[slot] = number.slice(0, -openDigits);
      return rangeOf[slot]!;
    }
  }
  if (number.length > openDigits && isE164(number)) return number.slice(0, -openDigits);
  const imsi = record.imsi_number;
  return imsi.length >= 14 ? imsi.slice(0, -openDigits) : '';
}

let keyHash = 0;

/** The digits in front of the open ones with the length of the number, as one whole number; 0 = not only digits, or too long for E.164. Sets `keyHash`. */
function rangeKey(number: string): number {
  const { length } = number;
  if (length > longestNumber) return 0;
  let key = 1;
  let hash = length;
  for (let at = 0; at < length; at += 1) {
    const digit = number.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return 0;
    if (at >= length - openDigits) continue;
    key = key * 10 + digit;
    hash = Math.imul(hash, 31) + digit;
  }
  keyHash = hash;
  return key * 16 + length;
}
