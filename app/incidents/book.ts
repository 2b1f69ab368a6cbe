/** What books of versions share: entries that are never changed but by a further version, of two at once the first. */
import { WeirError } from '../../core/errors.ts';
import { readInstant } from '../../core/row.ts';

/** An entry as one process wrote it. */
interface Written {
  readonly version: number;
  readonly actor: string;
  readonly at: string;
}

/** @throws WeirError usage */
export function refuse(message: string): never {
  throw new WeirError('usage', message);
}

/**
 * The one entry that an id, or its beginning, names.
 * @param what for a person: "action"
 * @throws WeirError not_found; usage when several begin so
 */
export function theOne<T>(found: readonly T[], id: string, what: string): T {
  if (found.length > 1) return refuse(`${id} is the beginning of several ${what}s.`);
  if (found[0] === undefined) throw new WeirError('not_found', `There is no ${what} ${id}.`);
  return found[0];
}

/** The entry that was written, when it is the one that stands. @throws WeirError conflict when somebody else was faster */
export function standing<T extends Written>(stored: Written | undefined, own: T): T {
  const same = stored?.version === own.version && stored.actor === own.actor && Date.parse(stored.at) === Date.parse(own.at);
  if (same) return own;
  throw new WeirError('conflict', 'Somebody else changed it at the same time.', { hint: 'Look at it and say it again.' });
}

/** An instant of a table as ISO 8601. */
export const isoOf = (instant: string): string => new Date(readInstant(instant)).toISOString();
