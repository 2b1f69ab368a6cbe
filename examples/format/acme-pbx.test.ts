import { expect, it } from 'vitest';
import { decodeAll } from '../../ingest/decode/sink-for-tests.ts';
import { acmePbx } from './acme-pbx.ts';

const rows = `4711;OUT;20;03023125001;21.11.2026 09:30:00;00:01:31;ANSWERED;sip-1
4712;INTERNAL;20;21;21.11.2026 09:31:00;00:00:10;ANSWERED;
4713;IN;20;03023125002;32.11.2026 09:32:00;00:00:05;ANSWERED;sip-1
`;

it('reads rows, leaves internal calls out, names what is wrong', () => {
  const { noted } = decodeAll(acmePbx.format({ timeZone: 'Europe/Berlin' }), rows);
  expect(noted[0]!.record).toMatchObject({
    direction: 'mo',
    start_time: Date.UTC(2026, 10, 21, 8, 30),
    duration_seconds: 91,
    answered: true,
    route: 'sip-1',
  });
  expect(noted[1]).toMatchObject({ position: 2, outcome: 'dropped', reason: 'internal_call' });
  expect(noted[2]).toMatchObject({ position: 3, outcome: 'rejected', reason: 'bad_time', field: 'start_time' });
});

it('recognises itself and nothing else', () => {
  const sample = (text: string) => ({ text, lines: text.split('\n'), fileName: 'x.csv' });
  expect(acmePbx.recognise(sample(rows))).toBeGreaterThan(0.9);
  expect(acmePbx.recognise(sample('a,b,c\n1,2,3\n'))).toBe(0);
});
