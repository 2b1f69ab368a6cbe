/** Every control that a Weir of these settings has: those that ship, then its own. */
import type { Definition } from '../../core/definition.ts';
import type { Settings } from '../../core/settings/index.ts';
import { ownControls } from '../../detectors/own/index.ts';
import { shipped } from '../detect/start.ts';

/** @example allControls({ controls: {} }).length === shipped.length // true */
export function allControls({ controls }: Pick<Settings, 'controls'>): readonly Definition[] {
  return [...shipped, ...ownControls(controls)];
}
