import { describe, expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { parseSettings } from '../settings/load.ts';
import { completenessOf, createCompleteness, filesIn, type SourceShare } from './completeness.ts';
import type { DetectionStore } from './port.ts';
import type { Receipt } from './watermarks.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 21, 12);
const window = (from: number, to: number) => ({ from: noon + from * minute, to: noon + to * minute });

/** A file for each quarter of an hour from noon. */
const file = (sequence: number): Receipt => ({
  ...{ sequence, numbered: true, sha256: `${sequence}`, eventless: false },
  received_at: noon + sequence * 15 * minute,
  handed_at: noon + sequence * 15 * minute,
  event_from: noon + (sequence - 1) * 15 * minute,
  event_to: noon + sequence * 15 * minute,
});

const share = (changes: Partial<SourceShare> = {}): SourceShare => ({
  ...{ weight: 100, completeTo: noon + 60 * minute, files: { came: 4, missing: 0 }, read: 1000, rejected: 0 },
  ...changes,
});

describe('completeness', () => {
  it.each([
    [share(), 1],
    [share({ completeTo: noon + 45 * minute }), 0.75],
    [share({ completeTo: noon - minute }), 0],
    [share({ files: { came: 3, missing: 1 } }), 0.75],
    [share({ rejected: 200 }), 0.8],
    [share({ files: { came: 3, missing: 1 }, rejected: 200 }), 0.6],
    [share({ weight: 0, completeTo: noon }), 1],
  ])('of %j is %d', (one, expected) => {
    expect(completenessOf([one], window(0, 60))).toBe(expected);
  });

  it('weighs sources by their records', () => {
    expect(completenessOf([share({ weight: 900 }), share({ completeTo: noon })], window(0, 60))).toBe(0.9);
    expect(completenessOf([], window(0, 60))).toBe(1);
  });
});

describe('files of a window', () => {
  const arrived = [1, 2, 4, 5].map(file);
  it.each([
    [0, 60, { came: 3, missing: 1 }],
    [0, 30, { came: 2, missing: 0 }],
    // A window of five minutes within the file that is missing.
    [32, 37, { came: 0, missing: 1 / 3 }],
    [60, 75, { came: 1, missing: 0 }],
  ])('from minute %d to %d', (from, to, { came, missing }) => {
    const files = filesIn(arrived, undefined, window(from, to));
    expect(files.came).toBeCloseTo(came, 9);
    expect(files.missing).toBeCloseTo(missing, 9);
  });
});

describe('what a process knows', () => {
  it('is of a source, else of a leg, and everything where labels name neither', async () => {
    const rows = [
      { source: 'a', at: writeInstant(noon), records: '900', rejects: '180' },
      { source: 'b', at: writeInstant(noon), records: '100', rejects: '0' },
    ];
    const store = { rows: async () => rows, insert: async () => undefined } as unknown as DetectionStore;
    const to = noon + 15 * minute;
    const reach = new Map([
      ['switch/a', to],
      ['switch/b', to],
      ['rating/c', to],
    ]);
    const known = createCompleteness(store, parseSettings('', 'weir.yaml'), { reach: () => reach, receipts: () => new Map() });
    await known.refresh(noon + 20 * minute);
    const of = (labels: Record<string, string>) => known.of(labels, { from: noon, to });
    expect(of({ source: 'a' })).toBe(0.8);
    expect(of({ leg: 'switch', partner: 'acme' })).toBe(0.82);
    expect(of({ leg: 'rating' })).toBe(1);
    expect(of({ device: 'x' })).toBe(1);
  });
});
