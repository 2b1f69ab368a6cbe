/** The shape of a step and of the list of steps of a kind. */
import type { Columns, RecordOf } from '../core/column.ts';
import type { ProcessorContext } from '../core/context.ts';
import type { Outcome } from '../core/outcome.ts';

/** A record of any kind. */
export type AnyRecord = RecordOf<Columns>;

/** Looks at one record, may change it, and says what became of it. */
export type Step<R = AnyRecord> = (record: R, context: ProcessorContext) => Outcome;

/** All steps of a kind in order. */
export type Processor = Step;

/** What the steps must be told of the operator. */
export interface ProcessorSettings {
  /** ISO 3166 alpha-2 country whose national numbers the sources write; '' = none, only international forms are read. */
  readonly homeCountry: string;
}

/** Composes steps: the first outcome that is not accepted ends the walk. Allocates nothing per record. */
export function inOrder(steps: readonly Step[], accepted: Outcome): Processor {
  return function process(record, context) {
    for (let at = 0; at < steps.length; at += 1) {
      const outcome = steps[at]!(record, context);
      if (outcome !== accepted) return outcome;
    }
    return accepted;
  };
}
