/** Every control that ships, in the order of its identity. */
import type { Definition } from '../../core/definition.ts';
import { fileSequenceGap } from './file-sequence-gap.ts';

export const controls: readonly Definition[] = [fileSequenceGap];
