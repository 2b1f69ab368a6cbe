/**
 * Who took part and what makes this record itself: the pseudonyms of its identities, then its business key.
 *
 * The business key is a hash of the pseudonyms, not of the numbers: it is stored and shown, and a plain hash of a number
 * could be tried out number by number. It is equal for two statements of the same usage by the same leg, and differs for
 * parts of a chain.
 */
import type { ProcessorContext } from '../core/context.ts';
import type { UsageRecord } from '../core/kinds/index.ts';
import { accepted, type Outcome } from '../core/outcome.ts';
import { hashBig, hashEnd, hashNumber, hashStart, hashText, hashWord } from './hash64.ts';

const suffixDigits = 8;

/** Sets subscriber, other_party, other_party_suffix, imsi, equipment and business_key. */
export function identify(record: UsageRecord, context: ProcessorContext): Outcome {
  const { pseudonym } = context;
  // a source that brings pseudonyms of its own leaves the numbers empty: what it brought stays
  if (record.subscriber_number !== '') record.subscriber = pseudonym.of(record.subscriber_number);
  const other = record.other_party_number;
  if (other !== '') {
    record.other_party = pseudonym.of(other, false);
    record.other_party_suffix = isLongNumber(other) ? pseudonym.of(other.slice(-suffixDigits), false) : record.other_party;
  }
  if (record.imsi_number !== '') record.imsi = pseudonym.of(record.imsi_number);
  if (record.imei_number !== '') record.equipment = pseudonym.of(record.imei_number);
  record.business_key = businessKey(record);
  return accepted;
}

/**
 * The business key: leg, node, service, direction, both parties, start, duration, volumes, charging and session ids, number
 * in a chain, rating group. The node's own sequence number counts only where no charging or session id tells records apart:
 * mediation may number a record anew when it sends it twice.
 */
function businessKey(record: UsageRecord): bigint {
  hashStart();
  hashText(record.leg);
  hashText(record.node);
  hashText(record.service);
  hashText(record.direction);
  hashBig(record.subscriber);
  hashBig(record.other_party);
  hashBig(record.imsi);
  hashNumber(record.start_time);
  hashNumber(record.duration_seconds);
  hashNumber(record.octets_up);
  hashNumber(record.octets_down);
  hashText(record.charging_id);
  hashText(record.session_id);
  hashWord(record.partial_sequence);
  hashWord(record.rating_group);
  if (record.charging_id === '' && record.session_id === '') hashNumber(record.local_sequence);
  return hashEnd();
}

function isLongNumber(identity: string): boolean {
  const length = identity.length;
  if (length <= suffixDigits) return false;
  for (let at = length - suffixDigits; at < length; at += 1) {
    const code = identity.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
