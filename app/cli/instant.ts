/** Instants and days as people write them on the command line. */
import { WeirError } from '../../core/errors.ts';

/**
 * An instant in UTC, ms since 1970.
 * @param option its name, for the message
 * @throws WeirError usage
 * @example instantOf('2026-11-01', '--from') // 1793491200000
 */
export function instantOf(text: string, option: string): number {
  const plain = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(text);
  const instant = Date.parse(plain ? `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}` : text);
  if (Number.isNaN(instant))
    throw new WeirError('usage', `${option} ${text} is not a time`, { hint: 'Write it as 2026-11-01 or 2026-11-01T06:00:00Z; UTC.' });
  return instant;
}
