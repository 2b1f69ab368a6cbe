/** Numbers of the kinds that name a subscription: E.164 where it is a number, an IMSI in digits, names and accounts trimmed. */
import type { Kind } from '../core/column.ts';
import { accepted, type Outcome } from '../core/outcome.ts';
import { digitsOnly } from './normalise.ts';
import { normaliseNumber } from './normalise-number.ts';
import type { AnyRecord, ProcessorSettings } from './step.ts';

/** A step that brings subscription_number, imsi_number and account_number into the form in which usage states them. */
export function subscriptionNormaliser(kind: Kind, { homeCountry }: ProcessorSettings): (record: AnyRecord) => Outcome {
  const has = (name: string): boolean => kind.columns[name]?.type === 'transient';
  const hasNumber = has('subscription_number');
  const hasImsi = has('imsi_number');
  const hasAccount = has('account_number');
  return function normaliseSubscription(record) {
    if (hasNumber) record['subscription_number'] = normaliseNumber(String(record['subscription_number']), homeCountry).identity;
    if (hasImsi) record['imsi_number'] = digitsOnly(String(record['imsi_number']));
    if (hasAccount) record['account_number'] = String(record['account_number']).trim();
    return accepted;
  };
}
