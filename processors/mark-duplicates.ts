/** Marks repeats, never drops them: a duplicate usage record is a finding. The authority is the table usage_keys. */
import type { ProcessorContext } from '../core/context.ts';
import type { UsageRecord } from '../core/kinds/index.ts';
import { accepted, type Outcome } from '../core/outcome.ts';

/** Sets `duplicate` from `business_key`: 0 first seen, 1 in the same batch, 2 lately. */
export function markDuplicates(record: UsageRecord, context: ProcessorContext): Outcome {
  record.duplicate = context.recentKeys.seen(record.business_key);
  return accepted;
}
