/**
 * `npm run bench -- console [--incidents 10000] [--runs 11]`: the console in Chromium over a Weir that runs as people run it: bytes and time of the
 * first view, frames while all incidents are scrolled through, a chart of a month of minutes, and how soon a stored transition is on the page.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { incidentRow } from '../app/incidents/row.ts';
import { findingKey } from '../core/key.ts';
import { chromiumPath, startChromium } from '../test/console/chromium.ts';
import { type Person, personAt, settled } from '../test/console/pages.ts';
import { seededIncident, seedIncidents, seedSeries } from '../test/console/seed.ts';
import { type ConsoleWeir, startConsoleWeir } from '../test/console/weir.ts';

const monthOfMinutes = 30 * 24 * 60;
const key = findingKey('main', 'usage_volume', 'usage_records', { leg: 'switch', service: 'voice', partner: 'carrier-b' });

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const at = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? Number.NaN;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const spread = (values: readonly number[]): string =>
  `median ${ms(at(values, 0.5))}, 95th ${ms(at(values, 0.95))}, longest ${ms(at(values, 1))}`;

export async function benchConsole(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { incidents: { type: 'string', default: '10000' }, runs: { type: 'string', default: '11' } },
  });
  const path = chromiumPath();
  if (path === undefined) throw new Error('There is no Chromium on this machine.');
  const [incidents, runs] = [Number(values.incidents), Number(values.runs)];
  const [weir, browser] = await Promise.all([startConsoleWeir(), startChromium(path)]);
  try {
    const now = Date.now();
    await seedIncidents(weir.store, incidents, now);
    await seedSeries(weir.store, now);
    await seedMonth(weir.store, now);
    const person = await personAt(browser, weir, { reducedMotion: 'no-preference' });
    console.log(`Chromium ${browser.version()}; ${incidents} incidents; load ${loadavg()[0]?.toFixed(2)}`);
    await firstView(person, weir, runs);
    await scrolling(person, incidents);
    await chart(person, runs);
    await live(person, weir, runs, now);
  } finally {
    await browser.close();
    await weir.stop();
  }
}

/** From the beginning of the navigation to the first row on the screen, without the browser's cache. */
async function firstView({ page }: Person, weir: ConsoleWeir, runs: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const times: number[] = [];
  let bytes = 0;
  for (let run = 0; run < runs; run++) {
    await page.goto(weir.origin);
    const seen = await page.evaluate(
      () =>
        new Promise<{ time: number; bytes: number }>((resolve) => {
          const look = (): void => {
            if (!document.querySelector('tr[data-index]')) return void requestAnimationFrame(look);
            const scripts = performance
              .getEntriesByType('resource')
              .filter(({ name }) => name.endsWith('.js')) as PerformanceResourceTiming[];
            resolve({ time: performance.now(), bytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) });
          };
          look();
        }),
    );
    times.push(seen.time);
    bytes = seen.bytes;
  }
  await session.send('Network.setCacheDisabled', { cacheDisabled: false });
  console.log(
    `first view: ${(bytes / 1024).toFixed(1)} KB of script compressed; ${spread(times)} to the first row, ${runs} times, nothing cached`,
  );
}

/** Scrolls through the list, 400 px a frame, and looks at each frame whether the middle of the screen shows a row. */
async function scrolling({ page }: Person, incidents: number): Promise<void> {
  await page.waitForFunction(
    (all) => Number(document.querySelector('table.incidents')?.getAttribute('aria-rowcount')) >= all,
    incidents + 1,
    { timeout: 60_000 },
  );
  const { frames, blank, rows } = await page.evaluate(
    () =>
      new Promise<{ frames: number[]; blank: number; rows: number }>((resolve) => {
        const found: number[] = [];
        let [last, empty, most] = [0, 0, 0];
        const step = (time: number): void => {
          if (last > 0) found.push(time - last);
          last = time;
          most = Math.max(most, document.querySelectorAll('tr[data-index]').length);
          if (!document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('tr[data-index]')) empty++;
          if (found.length >= 900 || scrollY + innerHeight >= document.documentElement.scrollHeight - 2)
            resolve({ frames: found, blank: empty, rows: most });
          else {
            scrollBy(0, 400);
            requestAnimationFrame(step);
          }
        };
        requestAnimationFrame(step);
      }),
  );
  const slow = frames.filter((frame) => frame > 34).length;
  console.log(
    `scrolling: ${frames.length} frames of 400 px, ${spread(frames)}; ${slow} beyond two frames of 60 a second; ${blank} with an empty middle; at most ${rows} rows drawn`,
  );
}

/** Stores a month of minutes of the series, with its band. */
async function seedMonth(store: ConsoleWeir['store'], now: number): Promise<void> {
  await store.command(`
    INSERT INTO weir.scores (tenant, series_key, detector, metric, scope, event_time, observed, expected, lower, upper, score, profile_version, pinned, scored_at)
    WITH 520 + 380 * sin(number / 1440 * 2 * pi()) AS wave
    SELECT 'main', '${key}', 'usage_volume', 'usage_records', map('leg', 'switch', 'service', 'voice', 'partner', 'carrier-b'),
      toDateTime64(${Math.floor(now / 60_000) * 60} - (${monthOfMinutes} - number) * 60, 3, 'UTC'), round(wave + sin(number * 2.7) * 22), wave, wave - 80, wave + 80, 0.2, 1, true,
      toDateTime64(${(now + 1000) / 1000}, 3, 'UTC')
    FROM numbers(${monthOfMinutes})`);
}

/** A month of minutes out of the store: the drawing alone, from the answer to the picture, and all from the asking on. */
async function chart({ page, open }: Person, runs: number): Promise<void> {
  const drawing: number[] = [];
  const shown: number[] = [];
  const whole: number[] = [];
  let [bytes, points] = [0, 0];
  for (let run = 0; run < runs; run++) {
    await open(`/series?key=${key}&days=31`);
    await page.waitForSelector('.chart[data-drawn]');
    await settled(page);
    const took = await page.evaluate((name) => {
      const measured = performance.getEntriesByName('weir-chart').at(-1)!;
      const asked = performance
        .getEntriesByType('resource')
        .find((entry) => entry.name.includes(`${name}/columns`)) as PerformanceResourceTiming;
      const end = measured.startTime + measured.duration;
      return {
        drawn: measured.duration,
        shown: end - asked.responseEnd,
        all: end - asked.startTime,
        bytes: asked.encodedBodySize,
        points: Number(document.querySelector<HTMLElement>('.chart')?.dataset['drawn']),
      };
    }, key);
    drawing.push(took.drawn);
    shown.push(took.shown);
    whole.push(took.all);
    [bytes, points] = [took.bytes, took.points];
  }
  console.log(
    `chart of ${points} points: ${spread(drawing)} to draw; ${spread(shown)} from the answer (${(bytes / 1024).toFixed(0)} KB) to the picture; ${spread(whole)} from the asking on`,
  );
}

/** When the row shows it, by the clock that both processes share. */
const shows = (page: Page, title: string): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if ([...document.querySelectorAll('tr[data-index] a')].some((link) => link.textContent === wanted)) resolve(Date.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    title,
  );

/** From the moment that a transition is stored to the row on the page. */
async function live({ page, open }: Person, weir: ConsoleWeir, runs: number, now: number): Promise<void> {
  await open('/?sort=updated');
  await page.waitForSelector('.live[data-state=live]');
  const times: number[] = [];
  for (let run = 0; run < 2 * runs; run++) {
    const title = `Live ${run}`;
    const instant = new Date().toISOString();
    const incident = { ...seededIncident(0, now), incident_id: `inc_live${run}`, title, detected_at: instant, updated_at: instant };
    const seen = shows(page, title);
    await weir.store.insert('incidents', [incidentRow(incident)], `bench/live/${run}`);
    const stored = Date.now();
    times.push(Math.max(0, (await seen) - stored));
    // Not in step with the looks at the table.
    await new Promise((resolve) => setTimeout(resolve, 150 + ((run * 97) % 400)));
  }
  console.log(`live: ${spread(times)} from the stored transition to the row on the page, ${times.length} times`);
}
