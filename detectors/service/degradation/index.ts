/** Detectors of services that degrade, within a minute or two. */
import type { Definition } from '../../../core/definition.ts';
import { callFailures } from './call-failures.ts';

export const degradationDetectors: readonly Definition[] = [callFailures];
