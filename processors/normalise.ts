/** One form for what sources write in many: numbers as E.164 digits, durations in seconds, derived where the source left them out. */

import type { UsageRecord } from '../core/kinds/index.ts';
import { accepted, type Outcome } from '../core/outcome.ts';
import { withFlag } from './flags.ts';
import { normaliseNumber } from './normalise-number.ts';
import type { ProcessorSettings } from './step.ts';

/** A step that normalises usage records. What is not E.164 is kept and flagged. It runs once per record: its digits carry no + any more. */
export function usageNormaliser({ homeCountry }: ProcessorSettings): (record: UsageRecord) => Outcome {
  return function normalise(record) {
    times(record);
    if (record.subscriber_number !== '') subscriber(record, homeCountry);
    if (record.other_party_number !== '') otherParty(record, homeCountry);
    if (record.imsi_number !== '') record.imsi_number = digitsOnly(record.imsi_number);
    if (record.imei_number !== '') record.imei_number = digitsOnly(record.imei_number);
    return accepted;
  };
}

/** End from start and duration, duration from start and end, billable from answer to end: only what the source left out. */
function times(record: UsageRecord): void {
  const { start_time: start, answer_time: answer } = record;
  if (record.end_time === 0) {
    if (record.duration_seconds > 0) record.end_time = start + Math.round(record.duration_seconds * 1000);
    else if (record.service === 'voice' || record.service === 'data') record.flags = withFlag(record.flags, 'no_end');
  } else if (record.duration_seconds === 0) {
    record.duration_seconds = (record.end_time - start) / 1000;
  }
  if (answer === 0) return;
  if (record.final_status === '') record.answered = true;
  if (answer < start || (record.end_time !== 0 && answer > record.end_time)) {
    record.flags = withFlag(record.flags, 'answer_outside');
  } else if (record.billable_seconds === 0 && record.answered && record.end_time !== 0) {
    record.billable_seconds = (record.end_time - answer) / 1000;
  }
}

/** User names are identities of their own kind and not flagged; digits that fit no plan are. */
function subscriber(record: UsageRecord, homeCountry: string): void {
  const { identity, form } = normaliseNumber(record.subscriber_number, homeCountry);
  record.subscriber_number = identity;
  if (form === 'digits') record.flags = withFlag(record.flags, 'subscriber_not_e164');
}

function otherParty(record: UsageRecord, homeCountry: string): void {
  const { identity, form } = normaliseNumber(record.other_party_number, homeCountry);
  record.other_party_number = identity;
  if (form === 'digits' || form === 'name') record.flags = withFlag(record.flags, 'not_e164');
  else if (form === 'anonymous') record.flags = withFlag(record.flags, 'anonymous');
}

/**
 * An IMSI or IMEI without spaces and dashes; what holds anything else stays as it is.
 * @example digitsOnly('35-209900-176148-1') // '352099001761481'
 */
export function digitsOnly(raw: string): string {
  let clean = true;
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code >= 48 && code <= 57) continue;
    if (code !== 32 && code !== 45 && code !== 46 && code !== 47) return raw.trim();
    clean = false;
  }
  if (clean) return raw;
  let digits = '';
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += raw[at];
  }
  return digits;
}
