import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { parseSettings } from '../settings/load.ts';
import type { DetectionStore } from './port.ts';
import { bounds, createWatermarks, legsComplete, patienceOf, type Receipt } from './watermarks.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 10, 21, 12);

/** A file every quarter of an hour that holds the quarter before it, and comes a minute after it was handed over. */
const file = (sequence: number, more: Partial<Receipt> = {}): Receipt => {
  const handed = noon + sequence * 15 * minute;
  return {
    sequence,
    numbered: true,
    sha256: `${sequence}`,
    eventless: false,
    received_at: handed + minute,
    handed_at: handed,
    event_from: handed - 15 * minute,
    event_to: handed - minute,
    ...more,
  };
};

describe('a leg', () => {
  it('is complete as far as its slowest source', () => {
    const watermarks = new Map([
      ['switch/a', 3 * day],
      ['switch/b', 3 * day - 5],
      ['rating/a', day],
    ]);
    expect(legsComplete(watermarks)).toEqual(
      new Map([
        ['switch', 3 * day - 5],
        ['rating', day],
      ]),
    );
  });

  it('waits for a silent source as long as its rhythm explains, and no longer', () => {
    const quarterly = { arrivals: 600, usual_seconds: 900, longest_seconds: 3600 };
    // 12 x 15 min = 3 h, more than 2 x 1 h.
    expect(patienceOf(quarterly)).toBe(3 * hour);
    const of = (behind: number) =>
      legsComplete(
        new Map([
          ['switch/a', noon],
          ['switch/silent', noon - behind],
        ]),
        () => patienceOf(quarterly),
      ).get('switch');
    expect(of(3 * hour)).toBe(noon - 3 * hour);
    expect(of(3 * hour + 1)).toBe(noon);
  });

  it('knows rare feeds and unknown ones', () => {
    // A file a day: 12 x 24 h is cut to a day, 2 x 24 h = two days.
    expect(patienceOf({ arrivals: 8, usual_seconds: 86_400, longest_seconds: 86_400 })).toBe(2 * day);
    expect(patienceOf({ arrivals: 8, usual_seconds: 86_400, longest_seconds: 500_000 })).toBe(3 * day);
    expect(patienceOf({ arrivals: 5000, usual_seconds: 60, longest_seconds: 60 })).toBe(hour);
    expect(patienceOf({ arrivals: 3, usual_seconds: 60, longest_seconds: 60 })).toBe(day);
    expect(patienceOf(undefined)).toBe(day);
  });
});

describe('receipts', () => {
  it('a missing file holds the watermark at the end of the file before it, for twice the usual time between files', () => {
    const came = [1, 2, 3, 5, 6].map((sequence) => file(sequence));
    const noticed = file(5).received_at;
    // Between the files: 15, 15, 30, 15 min; the 95th percentile is 27.75 min, twice that is 55.5 min.
    expect(bounds(came, undefined, noticed)).toEqual({ most: file(3).event_to, least: Number.NEGATIVE_INFINITY });
    expect(bounds(came, undefined, noticed + 55.5 * minute - 1).most).toBe(file(3).event_to);
    expect(bounds(came, undefined, noticed + 55.5 * minute).most).toBe(Number.POSITIVE_INFINITY);
  });

  it('lets go when the file comes, and of two gaps the earlier holds', () => {
    const late = file(4, { received_at: file(6).received_at + minute });
    expect(bounds([1, 2, 3, 5, 6].map((each) => file(each)).concat(late), undefined, late.received_at).most).toBe(Number.POSITIVE_INFINITY);
    expect(
      bounds(
        [1, 3, 5].map((each) => file(each)),
        undefined,
        file(5).received_at,
      ).most,
    ).toBe(file(1).event_to);
  });

  it('where nothing came before the gap, the file after it bounds', () => {
    const counted = { first: 1, last: 99, reset: 'daily' as const };
    const yesterday = [97, 98].map((each) => file(each, { received_at: noon - day, handed_at: noon - day }));
    const today = file(2);
    expect(bounds([...yesterday, today], counted, today.received_at).most).toBe(today.event_from);
  });

  it('waits two hours at most, however rarely files come', () => {
    const came = [1, 2, 4].map((each) => file(each, { received_at: noon + each * day }));
    expect(bounds(came, undefined, noon + 4 * day + 2 * hour - 1).most).toBe(file(2).event_to);
    expect(bounds(came, undefined, noon + 4 * day + 2 * hour).most).toBe(Number.POSITIVE_INFINITY);
  });

  it('a file without events moves it on, as far as the others lie behind', () => {
    // Files are handed over a minute after their last event: the empty fourth one says that nothing happened up to a minute before it.
    const empty = file(4, { eventless: true, event_from: 0, event_to: 0 });
    expect(bounds([file(1), file(2), file(3), empty], undefined, empty.received_at)).toEqual({
      most: Number.POSITIVE_INFINITY,
      least: empty.handed_at - minute,
    });
    expect(bounds([empty], undefined, empty.received_at).least).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('the watermarks of a store', () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

  function watermarksOf(answers: Record<string, object[]>) {
    const stored: Record<string, unknown>[] = [];
    const store: DetectionStore = {
      rows: async <T>(query: string) => (answers[query] ?? []) as T[],
      insert: async (_, rows) => {
        stored.push(...(rows as Record<string, unknown>[]));
      },
    };
    return { watermarks: createWatermarks(store, parseSettings('', 'test'), log), stored };
  }

  const lateness = (newest: number, late = 0) => [{ leg: 'switch', source: 'a', newest: writeInstant(newest), late_ms: late }];

  it('are the newest event less the lateness, and never go back', async () => {
    const answers = { 'detect-lateness': lateness(noon, 5 * minute) };
    const { watermarks, stored } = watermarksOf(answers);
    await watermarks.update(noon + minute);
    expect(watermarks.complete().get('switch')).toBe(noon - 5 * minute);
    // The records lie further behind now: what was said stands.
    answers['detect-lateness'] = lateness(noon + minute, 20 * minute);
    await watermarks.update(noon + 2 * minute);
    expect(watermarks.complete().get('switch')).toBe(noon - 5 * minute);
    expect(stored).toHaveLength(1);
  });

  it('go on after a restart from what was said, so that a source silent since then is waited for', async () => {
    const { watermarks } = watermarksOf({
      'detect-watermarks': [{ leg: 'switch', source: 'b', upto: writeInstant(noon - hour) }],
      'detect-lateness': lateness(noon),
    });
    await watermarks.update(noon + minute);
    expect(watermarks.complete().get('switch')).toBe(noon - hour);
  });

  it('reach the newest event when a gap is given up, though nothing came since', async () => {
    const receipts = [1, 2, 4].map((sequence) => {
      const of = file(sequence);
      return {
        source: 'a',
        ...of,
        numbered: 1,
        eventless: 0,
        received_at: writeInstant(of.received_at),
        handed_at: writeInstant(of.handed_at),
        event_from: writeInstant(of.event_from),
        event_to: writeInstant(of.event_to),
      };
    });
    const answers: Record<string, object[]> = { 'detect-receipts': receipts, 'detect-lateness': lateness(file(4).event_to) };
    const { watermarks } = watermarksOf(answers);
    await watermarks.update(file(4).received_at);
    expect(watermarks.complete().get('switch')).toBe(file(2).event_to);
    answers['detect-lateness'] = [];
    await watermarks.update(file(4).received_at + 2 * hour);
    expect(watermarks.complete().get('switch')).toBe(file(4).event_to);
  });

  it('of nodes are those of their events, never beyond their source', async () => {
    const { watermarks, stored } = watermarksOf({
      'detect-lateness': lateness(noon, minute),
      'detect-nodes': [
        { leg: 'switch', source: 'a', node: 'n1', newest: writeInstant(noon) },
        { leg: 'switch', source: 'a', node: 'n2', newest: writeInstant(noon - hour) },
      ],
    });
    await watermarks.update(noon + minute);
    expect(stored.map(({ node, complete_to }) => [node, complete_to])).toEqual([
      ['', writeInstant(noon - minute)],
      ['n1', writeInstant(noon - minute)],
      ['n2', writeInstant(noon - hour - minute)],
    ]);
    expect(watermarks.complete().get('switch')).toBe(noon - minute);
  });

  it('never go back, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 100 })), { minLength: 1 }),
        async (looks) => {
          const answers: Record<string, object[]> = {};
          const { watermarks } = watermarksOf(answers);
          let before = Number.NEGATIVE_INFINITY;
          for (const [at, [newest, late]] of looks.entries()) {
            answers['detect-lateness'] = lateness(noon + newest * minute, late * minute);
            await watermarks.update(noon + at * hour);
            const now = watermarks.complete().get('switch')!;
            expect(now).toBeGreaterThanOrEqual(before);
            before = now;
          }
        },
      ),
    );
  });
});
