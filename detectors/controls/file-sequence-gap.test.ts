import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { instantOfTests, judgeRows } from './evaluation.fixture.ts';
import { fileSequenceGap } from './file-sequence-gap.ts';

const quarter = 900_000;

/** Files of a source, a quarter of an hour apart, the last one a minute ago. */
function files(sequences: readonly number[], charge = '10', ago = 60_000): object[] {
  return sequences.map((sequence, at) => ({
    source: 'msc',
    sequence: `${sequence}`,
    sha256: `${sequence}/${at}`,
    name: `msc_${sequence}`,
    received_at: writeInstant(instantOfTests - ago - (sequences.length - 1 - at) * quarter),
    handed_at: writeInstant(instantOfTests - ago - (sequences.length - 1 - at) * quarter),
    records: '100',
    charge,
  }));
}

const judge = (raw: readonly object[], of: Parameters<typeof judgeRows>[2] = {}) =>
  judgeRows(fileSequenceGap, raw, { sources: ['msc'], ...of })[0]!;

it('is ok when no number is missing', () => {
  expect(judge(files([1, 2, 3]))).toMatchObject({ state: 'ok', observed: 0, p: 1 });
});

it('finds a missing file, since the file before it, and asks for the worth of its stretch of time', () => {
  const found = judge(files([31_706, 31_707, 31_709]));
  expect(found).toMatchObject({
    state: 'violation',
    observed: 1,
    p: 0,
    statistic: 0.25,
    beganAt: instantOfTests - 60_000 - quarter,
    title: 'msc: file 31708 missing',
    valued: { class: 'leakage', params: { source: 'msc', from: '2026-11-21T12:14:00.000Z', to: '2026-11-21T12:21:30.000Z' } },
  });
  expect(found.summary).toContain('1 file of msc missing in the sequence (31708), 25 % of those expected');
});

it('a history that is loaded in one go has its own times', () => {
  const rows = files([1, 2, 4]).map((row) => ({ ...row, received_at: writeInstant(instantOfTests - 60_000) }));
  expect(judge(rows)).toMatchObject({ state: 'violation', beganAt: instantOfTests - 60_000 - quarter });
});

it('border: waits for the shortest grace, and names the instant at which it ends', () => {
  const early = judge(files([1, 3], '10', 1999));
  expect(early).toMatchObject({ state: 'waiting', again: instantOfTests + 1 });
  expect(judge(files([1, 3], '10', 2000)).state).toBe('violation');
});

it('late data: a source whose files overtake each other gets twice its usual time between files', () => {
  const overtaking = [1, 3, 2, 4, 5, 7];
  expect(judge(files(overtaking))).toMatchObject({ state: 'waiting' });
  expect(judge(files(overtaking, '10', 2 * quarter)).state).toBe('violation');
  expect(judge(files([...overtaking, 6])).state).toBe('ok');
});

it('missing data: says what it needs', () => {
  expect(judge([])).toMatchObject({ state: 'not_applicable', note: 'not applicable, needs files with sequence numbers' });
});

it('reports a number that came again with other content', () => {
  expect(judge(files([5, 6, 5]))).toMatchObject({ state: 'violation', observed: 1 });
});
