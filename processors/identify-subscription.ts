/** Pseudonyms for the kinds that name a subscription, an IMSI or an account: life-cycle events, balances, invoices and the like. */
import type { Kind } from '../core/column.ts';
import type { ProcessorContext } from '../core/context.ts';
import { accepted, type Outcome } from '../core/outcome.ts';
import type { AnyRecord } from './step.ts';

const identities = [
  ['subscription_number', 'subscription'],
  ['imsi_number', 'imsi'],
  ['account_number', 'account'],
] as const;

/** A step that fills the pseudonyms of the kind from its transient columns; what is empty stays as the source brought it. */
export function subscriptionIdentifier(kind: Kind): (record: AnyRecord, context: ProcessorContext) => Outcome {
  const present = identities.filter(([from, to]) => kind.columns[from]?.type === 'transient' && kind.columns[to]?.type === 'hash');
  return function identifySubscription(record, context) {
    for (const [from, to] of present) {
      const identity = record[from];
      if (typeof identity === 'string' && identity !== '') record[to] = context.pseudonym.of(identity);
    }
    return accepted;
  };
}
