/** Life-cycle assurance: where orders and activations fail, and where visits are missed. Where they stop is the control N04. */
import type { Definition } from '../../../core/definition.ts';
import { missedVisits } from './missed-visits.ts';
import { stepFailures } from './step-failures.ts';

export { plainWord, type StepWord, standardResults, standardSteps, type WordProblem, wordProblems, wordsOf } from './words.ts';

export const lifeCycleDetectors: readonly Definition[] = [stepFailures, missedVisits];
