import { expect, it } from 'vitest';
import { dueRuns, scheduleOf } from './schedule.ts';

const at = (time: string): number => Date.parse(`2026-11-01T${time}:00Z`);
const quarter = scheduleOf('*/15 * * * *', 'UTC', 'sources.x.schedule');

it('the first run is the latest that was due; nothing is due before the next', () => {
  expect(dueRuns(quarter, undefined, at('12:07'), 1000)).toEqual([at('12:00')]);
  expect(dueRuns(quarter, at('12:00'), at('12:14'), 1000)).toEqual([]);
  expect(dueRuns(quarter, at('12:00'), at('12:15'), 1000)).toEqual([at('12:15')]);
});

it('missed runs: all of them in order, the newest of too many, or one for all', () => {
  expect(dueRuns(quarter, at('12:00'), at('13:01'), 1000)).toEqual([at('12:15'), at('12:30'), at('12:45'), at('13:00')]);
  expect(dueRuns(quarter, at('12:00'), at('13:01'), 2)).toEqual([at('12:45'), at('13:00')]);
  expect(dueRuns(quarter, at('12:00'), at('13:01'), 1)).toEqual([at('13:00')]);
});

it('knows time zones and says what is no schedule', () => {
  const daily = scheduleOf('30 5 * * *', 'Europe/Berlin', 'p');
  expect(daily.next(at('00:00'))).toBe(at('04:30'));
  expect(() => scheduleOf('every day', 'UTC', 'sources.x.schedule')).toThrow(/sources.x.schedule/);
  expect(() => scheduleOf('* * * * *', 'Mars/Base', 'sources.x.schedule')).toThrow(/sources.x.schedule/);
});
