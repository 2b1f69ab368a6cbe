/** When a query is due, and which runs were missed. */
import { Cron } from 'croner';
import { WeirError } from '../../core/errors.ts';

export interface Schedule {
  /** The first time after an instant, ms since 1970; undefined when none follows. */
  next(after: number): number | undefined;
  /** The last time at or before an instant. */
  last(at: number): number | undefined;
}

/** @throws WeirError config_invalid for what is no schedule */
export function scheduleOf(pattern: string, timeZone: string, place: string): Schedule {
  let cron: Cron;
  try {
    cron = new Cron(pattern, { timezone: timeZone, paused: true });
    cron.nextRun();
  } catch (error) {
    throw new WeirError('config_invalid', `${place}: ${(error as Error).message}`, {
      place,
      hint: 'Minute hour day month weekday, e.g. "*/15 * * * *" or "30 5 * * mon"; the time zone is scheduleTimeZone.',
    });
  }
  return {
    next: (after) => cron.nextRun(new Date(after))?.getTime(),
    last: (at) => cron.previousRuns(1, new Date(at + 1000))[0]?.getTime(),
  };
}

/**
 * The runs that are due, oldest first: all that were missed, or only the latest where one run makes up for all.
 * @param done the last run that is done; undefined = none ever: only the latest is due
 */
export function dueRuns(schedule: Schedule, done: number | undefined, now: number, most: number): number[] {
  const latest = schedule.last(now);
  if (latest === undefined || (done !== undefined && latest <= done)) return [];
  if (done === undefined || most === 1) return [latest];
  const due: number[] = [];
  for (let at = schedule.next(done); at !== undefined && at <= now; at = schedule.next(at)) {
    due.push(at);
    if (due.length > most) due.shift();
  }
  return due;
}
