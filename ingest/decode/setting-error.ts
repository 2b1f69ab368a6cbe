/** Errors of mappings, all of one shape. */
import { WeirError } from '../../core/errors.ts';

/** A setting is wrong: `path` names it, e.g. `mapping.columns.start_time.time`. */
export function settingError(path: string, message: string, hint = ''): WeirError {
  return new WeirError('config_invalid', `${path}: ${message}`, { place: path, hint });
}
