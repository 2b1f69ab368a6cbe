import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { expectedArrivals, silenceP } from './arrivals.ts';
import { judgeRows, instantOfTests as now } from './evaluation.fixture.ts';
import { feedSilence } from './feed-silence.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A feed that comes four times an hour, as it likes, and brought its last file `silentMs` ago. */
function feed(silentMs: number, more: object = {}): object {
  return {
    source: 'gw',
    first_at: writeInstant(now - silentMs - 28 * day),
    last_at: writeInstant(now - silentMs),
    clock_at: writeInstant(now),
    watched_from: writeInstant(0),
    recent_gaps: [300, 1500, 900, 900, 600, 1200],
    arrivals: 2688,
    charge: '26880',
    clusters_seen: 2688,
    usual_seconds: 900,
    longest_seconds: 900,
    by_hour: Array.from({ length: 168 }, () => 16),
    recent_lags: [60, 61, 62],
    last_lags: [60, 61, 62],
    last_events: [],
    lags_seen: 2688,
    usual_lag: 120,
    ...more,
  };
}

const silence = (row: object, of = {}) => judgeRows(feedSilence, [row], of)[0]!;
const timeliness = (row: object, of = {}) => judgeRows(feedSilence, [row], of)[1]!;

it('integrates the rate over parts of hours', () => {
  expect(expectedArrivals(() => 4, 0, 5_400_000)).toBe(6);
  expect(expectedArrivals((at) => (at === 1 ? 2 : 0), 0.5 * hour, 1.5 * hour)).toBe(1);
  expect(expectedArrivals(() => 4, 10, 10)).toBe(0);
  expect(silenceP(9.21034)).toBeCloseTo(1e-4, 8);
});

it('border: four an hour are missed when P0 = exp(-9.21) is passed, after 2.303 hours', () => {
  expect(silence(feed(2.3 * hour))).toMatchObject({ state: 'ok' });
  const found = silence(feed(2.31 * hour));
  expect(found).toMatchObject({
    state: 'violation',
    direction: 'down',
    beganAt: now - 2.31 * hour,
    title: 'gw: silent for 2 h 19 min',
    valued: { class: 'risk', perhaps: true },
  });
  expect(found.expected).toBeCloseTo(9.24, 6);
});

const kept = { recent_gaps: [900, 910, 890, 900, 900, 905] };

it('border: a feed that keeps a rhythm is missed after two and a half intervals, however long by chance', () => {
  expect(silence(feed(37 * 60_000, kept))).toMatchObject({ state: 'ok' });
  const found = silence(feed(38 * 60_000, kept));
  expect(found).toMatchObject({ state: 'violation', title: 'gw: silent for 38 min' });
  expect(found.p).toBe(1e-4);
  expect(silence(feed(38 * 60_000, { recent_gaps: [900, 910, 890, 1800, 900, 905] }))).toMatchObject({ state: 'ok' });
  expect(silence(feed(38 * 60_000, { recent_gaps: [900, 910, 890, 900, 900] }))).toMatchObject({ state: 'ok' });
});

it('no rhythm is missed in less than five minutes, nor while the feed rests, nor by our own absence', () => {
  const fast = { recent_gaps: [60, 60, 60, 60, 60, 60], by_hour: Array.from({ length: 168 }, () => 240) };
  expect(silence(feed(4 * 60_000, fast))).toMatchObject({ state: 'ok' });
  expect(silence(feed(6 * 60_000, fast))).toMatchObject({ state: 'violation' });
  expect(silence(feed(50 * 60_000, { ...kept, by_hour: Array.from({ length: 168 }, () => 8) }))).toMatchObject({ state: 'ok' });
  expect(silence(feed(hour, { ...kept, watched_from: writeInstant(now - 30 * 60_000) }))).toMatchObject({ state: 'waiting' });
});

it('a feed that rests at this hour of the week is not silent', () => {
  const resting = Math.floor((now - 6 * hour) / hour) % 168;
  const by_hour = Array.from({ length: 168 }, (_, at) => (at > resting && at <= resting + 6 ? 0 : 16));
  expect(silence(feed(6 * hour, { by_hour })).state).toBe('ok');
  expect(silence(feed(6 * hour)).state).toBe('violation');
});

it('without two weeks of history the usual time between arrivals counts, and no silence that was seen before', () => {
  const young = { first_at: writeInstant(now - 4 * day) };
  expect(silence(feed(3 * hour, young)).state).toBe('violation');
  expect(silence(feed(3 * hour, { ...young, longest_seconds: 7300 })).state).toBe('ok');
});

it('missing data: what was loaded once by hand is no feed', () => {
  expect(silence(feed(30 * day, { clusters_seen: 7 }))).toMatchObject({ state: 'not_applicable' });
});

it('an agreed interval holds from the first file on', () => {
  expect(silence(feed(4 * hour, { clusters_seen: 1 }), { facts: { everySeconds: 900 } }).state).toBe('violation');
});

it('our own absence is not the silence of the feed', () => {
  expect(silence(feed(5 * hour, { watched_from: writeInstant(now - hour) })).state).toBe('waiting');
  expect(silence(feed(5 * hour, { watched_from: writeInstant(now - 4 * hour) })).state).toBe('violation');
  expect(silence(feed(5 * hour), { watchingSince: now - 30_000 }).state).toBe('waiting');
});

it('judges by the clock of the feeds while a history is loaded', () => {
  expect(silence(feed(8 * hour, { clock_at: writeInstant(now - 7 * hour) })).state).toBe('ok');
  expect(silence(feed(8 * hour, { clock_at: writeInstant(now - 5 * hour) })).state).toBe('violation');
});

it('a feed that has taken up a faster rhythm is missed by that one, if it keeps it', () => {
  const daily = { by_hour: Array.from({ length: 168 }, (_, at) => (at % 24 === 0 ? 4 : 0)), clusters_seen: 40 };
  const often = { ...daily, recent_gaps: [300, 300, 300, 300, 300, 300] };
  expect(silence(feed(12 * 60_000, often)).state).toBe('ok');
  expect(silence(feed(13 * 60_000, often))).toMatchObject({ state: 'violation', title: 'gw: silent for 13 min' });
  expect(silence(feed(47 * 60_000, { ...daily, recent_gaps: [300, 300, 900, 300, 300, 300] })).state).toBe('ok');
  expect(silence(feed(47 * 60_000, { ...daily, recent_gaps: [300, 300] })).state).toBe('ok');
});

it('timeliness: two of three beyond twice the usual and five minutes; one decides nothing', () => {
  expect(timeliness(feed(60_000))).toMatchObject({ state: 'ok' });
  expect(timeliness(feed(60_000, { recent_lags: [301, 60, 60] }))).toMatchObject({ state: 'waiting' });
  expect(timeliness(feed(60_000, { recent_lags: [301, 400, 60] }))).toMatchObject({ state: 'violation', observed: 400, upper: 300 });
  expect(timeliness(feed(60_000, { recent_lags: [301, 400, 60], usual_lag: 200 }))).toMatchObject({ state: 'ok', upper: 400 });
  expect(timeliness(feed(60_000, { lags_seen: 22 }))).toMatchObject({ state: 'not_applicable' });
});

it('timeliness: is worth what came late since the last file on time, one on time in between left out', () => {
  // The latest first, one an hour: late, late, on time, late, on time, on time.
  const last_lags = [400, 350, 60, 320, 60, 61];
  const last_events = last_lags.map((_, at) => 1_000_000_000_000 - at * hour);
  const late = timeliness(feed(60_000, { recent_lags: last_lags.slice(0, 3), last_lags, last_events }));
  const from = last_events[4]!;
  expect(late).toMatchObject({ beganAt: from, valued: { known: 'file', class: 'risk', params: { source: 'gw', file: '' } } });
  expect(late.valued!.params).toMatchObject({ from: new Date(from + 1).toISOString(), to: new Date(last_events[0]! + 1).toISOString() });
});

it('missing data: without any feed it says what it needs', () => {
  expect(judgeRows(feedSilence, [])).toMatchObject([
    { state: 'not_applicable', note: 'not applicable, needs a feed that has brought something several times' },
  ]);
});

it('timeliness: what was agreed holds in place of the usual, with the first files too', () => {
  const agreed = { facts: { withinSeconds: 14_400 } };
  expect(timeliness(feed(60_000, { recent_lags: [14_400, 14_400, 60] }), agreed)).toMatchObject({ state: 'ok', upper: 14_400 });
  const late = timeliness(feed(60_000, { recent_lags: [14_401, 20_000, 60], lags_seen: 3, usual_lag: 0 }), agreed);
  expect(late).toMatchObject({ state: 'violation', upper: 14_400 });
  expect(late.summary).toContain('agreed are 4 h');
  expect(timeliness(feed(60_000, { recent_lags: [], lags_seen: 0 }), agreed)).toMatchObject({ state: 'not_applicable' });
});
