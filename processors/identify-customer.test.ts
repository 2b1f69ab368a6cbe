import { expect, it } from 'vitest';
import type { ProcessorContext } from '../core/context.ts';
import { customerIdentifier } from './identify-customer.ts';
import type { AnyRecord } from './step.ts';

const context = { pseudonym: { of: (identity: string) => (identity === '12015550100' ? 77n : 5n) } } as unknown as ProcessorContext;
const run = (record: Record<string, string>): Record<string, string> => {
  customerIdentifier({ homeCountry: 'US' })(record as unknown as AnyRecord, context);
  return record;
};

it('stores a customer as the pseudonym that usage has', () => {
  const edge = { parent_type: 'ont', parent: 'o1/1/1', child_type: 'customer', child: '+1 201 555 0100' };
  expect(run(edge)).toEqual({ parent_type: 'ont', parent: 'o1/1/1', child_type: 'customer', child: '77' });
});

it('leaves elements as they are', () => {
  expect(run({ parent_type: 'pon', parent: 'p', child_type: 'ont', child: '12015550100' })['child']).toBe('12015550100');
});
