/** The timeWindow of an OpenSLO document. */
import { offsetsOf } from '../../../rating/local-time.ts';
import type { Fields } from '../files/fields.ts';
import { durationOf, isFixed, nominalMs } from './duration.ts';
import type { SloWindow } from './window.ts';

const usual: SloWindow = { kind: 'rolling', ms: 30 * 86_400_000 };
/** Longest window: what is older may have been removed. */
const longestMs = 366 * 86_400_000;

function isZone(timeZone: string): boolean {
  try {
    offsetsOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** A local time as `2026-01-01 00:00:00`, as ms; undefined when it is none. */
function localOf(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2}))?)?$/.exec(text);
  if (!match) return undefined;
  const at = Date.parse(`${match[1]}T${match[2] ?? '00:00'}:${match[3] ?? '00'}Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(match[1]!) ? at : undefined;
}

/** The window of an SLO: thirty rolling days where it states none; undefined when it is wrong. */
export function readTimeWindow(spec: Fields, timeZone: string): SloWindow | undefined {
  if (!spec.has('timeWindow')) return usual;
  const list = spec.maps('timeWindow');
  if (!list) return undefined;
  const [window] = list;
  if (!window || list.length !== 1) return spec.fail('timeWindow', `timeWindow has ${list.length} entries`, 'Exactly one.');
  window.only('duration', 'isRolling', 'calendar');
  const text = window.text('duration', { required: true });
  const duration = text === undefined ? undefined : durationOf(text);
  if (!duration) return text === undefined ? undefined : window.fail('duration', `duration is "${text}"`, 'E.g. 30d, 4w, 1M, 1Q or 1Y.');
  if (nominalMs(duration) > longestMs) return window.fail('duration', `duration is "${text}"`, 'At most a year.');
  const calendar = window.map('calendar');
  const rolling = window.flag('isRolling') ?? !calendar;
  if (!calendar) {
    if (!rolling)
      return window.fail(
        undefined,
        'a window that does not roll needs calendar',
        'Add calendar with startTime and timeZone, or isRolling: true.',
      );
    return { kind: 'rolling', ms: nominalMs(duration) };
  }
  if (rolling)
    return window.fail('isRolling', 'a window cannot roll and follow a calendar', 'Leave out calendar, or set isRolling: false.');
  calendar.only('startTime', 'timeZone');
  const start = calendar.text('startTime', { required: true });
  const zone = calendar.text('timeZone') ?? timeZone;
  const startLocal = start === undefined ? undefined : localOf(start);
  if (start !== undefined && startLocal === undefined)
    return calendar.fail('startTime', `startTime is "${start}"`, 'Date and time without a zone: 2026-01-01 00:00:00.');
  if (!isZone(zone)) return calendar.fail('timeZone', `there is no time zone "${zone}"`, 'A name such as Europe/Berlin.');
  if (isFixed(duration) && (duration.unit === 'm' || duration.unit === 'h'))
    return window.fail('duration', `duration is "${text}"`, 'A calendar window lasts days, weeks, months, quarters or years.');
  return startLocal === undefined ? undefined : { kind: 'calendar', duration, startLocal, timeZone: zone };
}
