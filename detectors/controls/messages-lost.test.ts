import { expect, it } from 'vitest';
import { writeInstant } from '../../core/row.ts';
import { instantOfTests, judgeRows } from './evaluation.fixture.ts';
import { messagesLost } from './messages-lost.ts';

const lost = (partition: string, positions: number, source = 'calls'): object => ({
  source,
  partition,
  positions: String(positions),
  noticed: writeInstant(instantOfTests - 60_000),
});

it('says what is gone, by partition, and nothing of the sources that lost nothing', () => {
  const [calls, other] = judgeRows(messagesLost, [lost('cdr/0', 100), lost('cdr/1', 20)], {
    sources: ['calls', 'other'],
    facts: { type: 'kafka' },
  });
  expect(calls).toMatchObject({ state: 'violation', observed: 120, cell: { source: 'calls' }, beganAt: instantOfTests - 60_000 });
  expect(calls?.summary).toContain('cdr/0: 100; cdr/1: 20');
  expect(other).toMatchObject({ state: 'ok', cell: { source: 'other' } });
});

it('says that it needs a source of type kafka', () => {
  expect(judgeRows(messagesLost, [], { sources: ['files'], facts: { type: 'file' } })).toMatchObject([
    { state: 'not_applicable', cell: { source: 'files' }, note: 'not applicable, needs sources of type kafka' },
  ]);
});
