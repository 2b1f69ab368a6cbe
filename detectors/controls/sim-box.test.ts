import { expect, it } from 'vitest';
import { judgeRows } from './evaluation.fixture.ts';
import { simBox } from './sim-box.ts';

const row = (more: object = {}): object => ({
  subscriber: '77',
  segment: 'consumer',
  calls: '200',
  received: '2',
  messages_received: '0',
  numbers: '190',
  places: '1',
  seconds: 24_000,
  sims: '1',
  first_at: '2026-11-20 06:00:00.000',
  sample: 'r1',
  everybody: '0',
  messages: 0,
  ...more,
});
const all = (more: object = {}): object =>
  row({ subscriber: '', calls: '5000', received: '4000', everybody: '2000', messages: 1, sample: '', numbers: '0', places: '0', ...more });
const judge = (rows: object[], limits = {}) => judgeRows(simBox, rows, { limits })[0]!;

it('is ok where nobody calls like a machine', () => {
  expect(judge([all()])).toMatchObject({ state: 'ok', observed: 0 });
});

it('finds the one with four signs: 400 minutes at 0.05', () => {
  expect(judge([all(), row()])).toMatchObject({
    state: 'violation',
    observed: 1,
    money: { amount: '20', low: '0', high: '20', class: 'risk' },
    customers: { count: 1, segments: { consumer: 1 } },
    title: 'switch: 1 subscriber with the pattern of a SIM-box',
    evidence: { params: { subscribers: ['77'] } },
  });
});

it('leaves alone a call centre that moves, receives, or calls the same numbers, and who calls 50 times', () => {
  expect(judge([all(), row({ places: '5' })]).state).toBe('ok');
  expect(judge([all(), row({ received: '40' })]).state).toBe('ok');
  expect(judge([all(), row({ numbers: '100' })]).state).toBe('ok');
  expect(judge([all(), row({ messages_received: '3' })]).state).toBe('ok');
  expect(judge([all(), row({ calls: '50', numbers: '50' })]).state).toBe('ok');
  expect(judge([all(), row({ calls: '51', numbers: '51' })]).state).toBe('violation');
});

it('counts many IMSIs in a device as a sign, and needs it where messages are not seen', () => {
  expect(judge([all(), row({ messages_received: '3', sims: '8' })]).state).toBe('violation');
  expect(judge([all({ messages: 0 }), row()]).state).toBe('ok');
  expect(judge([all({ messages: 0 }), row({ sims: '4' })]).state).toBe('violation');
});

it('says what it lacks', () => {
  expect(judge([]).state).toBe('not_applicable');
  expect(judge([all({ received: '0' }), row()]).state).toBe('not_applicable');
});

it('border: 51 calls are looked at, four fifths different numbers and a tenth received are signs', () => {
  const at = (more: object) => judge([all(), row({ calls: '60', numbers: '48', received: '6', ...more })]).state;
  expect(at({})).toBe('violation');
  expect(at({ numbers: '47' })).toBe('ok');
  expect(at({ received: '7' })).toBe('ok');
  expect(at({ places: '2' })).toBe('violation');
  expect(at({ places: '3' })).toBe('ok');
  expect(at({ calls: '51', numbers: '50', received: '0' })).toBe('violation');
  expect(at({ calls: '50', numbers: '50', received: '0' })).toBe('ok');
});
