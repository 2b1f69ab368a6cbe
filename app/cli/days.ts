/** Days on the command line: whole days of UTC. */
import { WeirError } from '../../core/errors.ts';
import type { Window } from '../../core/finding.ts';

const dayMs = 86_400_000;

/**
 * The day that an option names, ms since 1970 UTC.
 * @throws WeirError usage
 * @example dayOf('1970-01-02', '--from') // 86400000
 */
export function dayOf(text: string, option: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isFinite(instant) || new Date(instant).toISOString().slice(0, 10) !== text)
    throw new WeirError('usage', `${option} ${text}: not a day`, { place: option, hint: 'YYYY-MM-DD, e.g. 2026-11-20' });
  return instant;
}

/**
 * A period of whole days: `--month`, or `--from` with `--to` (included; by default the same day).
 * @throws WeirError usage
 * @example periodOf({ month: '2026-11' }) // { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) }
 */
export function periodOf({ month, from, to }: { readonly month?: string; readonly from?: string; readonly to?: string }): Window {
  if ((month === undefined) === (from === undefined))
    throw new WeirError('usage', 'the period is missing or stated twice', {
      hint: '--month YYYY-MM, or --from YYYY-MM-DD --to YYYY-MM-DD',
    });
  if (month !== undefined) {
    const first = dayOf(`${month}-01`, '--month');
    const date = new Date(first);
    return { from: first, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) };
  }
  const first = dayOf(from!, '--from');
  const last = dayOf(to ?? from!, '--to');
  if (last < first) throw new WeirError('usage', `--to ${to} lies before --from ${from}`);
  return { from: first, to: last + dayMs };
}
