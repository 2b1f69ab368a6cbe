/** Customers in the topology: an element of type `customer` is a person, and stands in the table as the pseudonym of its number or account. */
import type { ProcessorContext } from '../core/context.ts';
import { accepted, type Outcome } from '../core/outcome.ts';
import { normaliseNumber } from './normalise-number.ts';
import type { AnyRecord, ProcessorSettings } from './step.ts';

const sides = [
  ['parent_type', 'parent'],
  ['child_type', 'child'],
] as const;

/** A step that puts the decimal pseudonym in the place of what identifies a customer, the same pseudonym that usage has. */
export function customerIdentifier({ homeCountry }: ProcessorSettings): (record: AnyRecord, context: ProcessorContext) => Outcome {
  return function identifyCustomer(record, context) {
    for (const [type, name] of sides) {
      if (record[type] !== 'customer') continue;
      record[name] = String(context.pseudonym.of(normaliseNumber(String(record[name]), homeCountry).identity));
    }
    return accepted;
  };
}
