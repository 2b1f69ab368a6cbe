import { expect, it } from 'vitest';
import type { IncidentSummary } from '../core/types.ts';
import { chosenOf } from './choose.ts';

const one = (incident_id: string, given: Partial<IncidentSummary>): IncidentSummary => ({
  incident_id,
  incident_key: incident_id,
  sequence: 1,
  state: 'open',
  severity: 3,
  category: 'revenue',
  title: 'Calls missing',
  summary: 'Calls of trunk-3 are missing',
  team: 'assurance',
  assignee: '',
  money: null,
  currency: 'EUR',
  customers: 0,
  began_at: '2026-11-21T10:00:00.000Z',
  detected_at: '2026-11-21T10:00:00.000Z',
  updated_at: '2026-11-21T10:00:00.000Z',
  ...given,
});

const all = [
  one('a', { severity: 1, money: '10.00' }),
  one('b', { money: '900.50', detected_at: '2026-11-21T11:00:00.000Z', category: 'service' }),
  one('c', { customers: 9, title: 'Set-up delay', detected_at: '2026-11-21T12:00:00.000Z' }),
];
const ids = (choice: Partial<Parameters<typeof chosenOf>[1]>): string =>
  chosenOf(all, { severities: [], category: '', text: '', sort: 'newest', ...choice })
    .map(({ incident_id }) => incident_id)
    .join('');

it('incidents are chosen by severity, category and words, in the wanted order', () => {
  expect(ids({})).toBe('cba');
  expect(ids({ sort: 'severity' })).toBe('acb');
  expect(ids({ sort: 'money' })).toBe('bac');
  expect(ids({ sort: 'customers' })).toBe('cba');
  expect(ids({ sort: 'of no name' })).toBe('cba');
  expect(ids({ severities: [1] })).toBe('a');
  expect(ids({ category: 'service' })).toBe('b');
  expect(ids({ text: 'TRUNK-3  missing' })).toBe('cba');
  expect(ids({ text: 'delay trunk' })).toBe('c');
  expect(ids({ text: 'nothing of the kind' })).toBe('');
});
