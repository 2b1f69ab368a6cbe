import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { IncidentSummary } from '../core/types.ts';
import { belongs, createCollection } from './collection.ts';

const one = (incident_id: string, sequence: number, state = 'open'): IncidentSummary => ({
  ...{
    incident_id,
    incident_key: incident_id,
    sequence,
    state,
    severity: 3,
    category: 'revenue',
    title: '',
    summary: '',
    team: '',
    assignee: '',
  },
  ...{ money: null, currency: '', customers: 0, began_at: '', detected_at: '', updated_at: '' },
});
const shown = (collection: ReturnType<typeof createCollection>): string =>
  collection
    .items()
    .map(({ incident_id, sequence }) => `${incident_id}${sequence}`)
    .sort()
    .join(' ');

it('a page that was asked for before a transition does not undo it', () => {
  const collection = createCollection('active');
  collection.begin();
  expect(collection.news(one('a', 3, 'resolved'))).toEqual({ taken: false, isNew: true });
  expect(collection.news(one('b', 2))).toEqual({ taken: true, isNew: true });
  collection.add([one('a', 2), one('b', 1), one('c', 1)]);
  collection.end();
  expect(shown(collection)).toBe('b2 c1');
  expect(collection.news(one('b', 2))).toEqual({ taken: false, isNew: false });
  expect(collection.news(one('c', 2, 'closed'))).toEqual({ taken: true, isNew: false });
  expect(shown(collection)).toBe('b2');
});

it('loaded anew it keeps what is shown until all is there, then what is not there any more goes', () => {
  const collection = createCollection('active', [one('a', 1), one('b', 1)]);
  collection.begin();
  collection.add([one('b', 1), one('c', 1)]);
  expect(shown(collection)).toBe('a1 b1 c1');
  collection.end();
  expect(shown(collection)).toBe('b1 c1');
});

it('in whatever order pages and news come, the latest word on each holds', () => {
  const states = ['open', 'acknowledged', 'resolved', 'closed'];
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), news: fc.boolean() }), { maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      (steps, random) => {
        const truth = new Map<string, IncidentSummary>();
        const written = steps.map(({ id, news }) => {
          const incident = one(id, (truth.get(id)?.sequence ?? 0) + 1, states[random.next().value! % states.length]!);
          truth.set(id, incident);
          return { incident, news };
        });
        const order = written.map((step) => ({ step, at: random.next().value! })).sort((a, b) => a.at - b.at);
        const collection = createCollection('active');
        collection.begin();
        for (const { step } of order) if (step.news) collection.news(step.incident);
        collection.add([...truth.values()].filter(({ state }) => belongs(state, 'active')));
        for (const { step } of order) if (step.news) collection.news(step.incident);
        collection.end();
        const wanted = [...truth.values()].filter(({ state }) => belongs(state, 'active'));
        for (const { incident_id, sequence } of wanted)
          expect(collection.items()).toContainEqual(expect.objectContaining({ incident_id, sequence }));
      },
    ),
  );
});
