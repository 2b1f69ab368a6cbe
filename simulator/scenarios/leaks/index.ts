/** Every type of leak, by control. */
import { fileLeaks } from './files.ts';
import type { LeakType } from './leak.ts';

export const leakTypes: readonly LeakType[] = [...fileLeaks];
