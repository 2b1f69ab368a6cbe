/**
 * What happens to one record, in order. Read this first.
 *
 * A step looks at the one reused record, may change it, and returns what became of it: accepted, rejected or dropped.
 *
 * | step | why it stands here |
 * |---|---|
 * | validate | everything behind it may rely on ranges and on required fields |
 * | normalise | numbers as E.164 and derived durations, so that the same usage looks the same whoever states it |
 * | identify | the pseudonyms, and from them the key of what makes two records the same usage |
 * | mark duplicates | marked, never dropped: a duplicate is a finding |
 * | enrich | destination, site, partner, plan, cause class; and in clear the ranges that controls need |
 * | (rate) | comes here: needs the clear numbers and the zone |
 * | mask | last: takes the clear identities out |
 */
import type { Kind } from '../core/column.ts';
import { usage } from '../core/kinds/index.ts';
import { accepted } from '../core/outcome.ts';
import { enrich } from './enrich.ts';
import { identify } from './identify.ts';
import { customerIdentifier } from './identify-customer.ts';
import { subscriptionIdentifier } from './identify-subscription.ts';
import { markDuplicates } from './mark-duplicates.ts';
import { masker } from './mask.ts';
import { usageNormaliser } from './normalise.ts';
import { subscriptionNormaliser } from './normalise-subscription.ts';
import { inOrder, type Processor, type ProcessorSettings, type Step } from './step.ts';
import { validator } from './validate.ts';

export { createPseudonym } from './pseudonym.ts';
export { createRecentKeys } from './recent-keys.ts';
export { createReference } from './reference.ts';
export type { Processor, ProcessorSettings } from './step.ts';

const noCountry: ProcessorSettings = { homeCountry: '' };

/**
 * The steps of a kind as one function. Make it once per source, not per record.
 * @param settings of the source; without a home country only international numbers are E.164
 */
export function processorFor(kind: Kind, settings: ProcessorSettings = noCountry): Processor {
  return inOrder(stepsFor(kind, settings), accepted);
}

function stepsFor(kind: Kind, settings: ProcessorSettings): readonly Step[] {
  if (kind.name === usage.name)
    return [validator(kind), usageNormaliser(settings), identify, markDuplicates, enrich, masker(kind)] as unknown as Step[];
  const transient = Object.values(kind.columns).some(({ type }) => type === 'transient');
  if (kind.name === 'topology_edge') return [validator(kind), customerIdentifier(settings)];
  // measurements and other reference data name nobody: what is valid is stored as it is
  if (!transient) return [validator(kind)];
  return [validator(kind), subscriptionNormaliser(kind, settings), subscriptionIdentifier(kind), masker(kind)] as Step[];
}
