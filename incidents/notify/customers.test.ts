/** Lists of customers against a recording server, verified by the library of Standard Webhooks. */
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { lifeOf, testTools } from '../testing/targets.ts';
import { customersRequest, customersTarget } from './customers.ts';
import type { ConcernedCustomer, Tools } from './target.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const secret = `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}`;
const settings = (perPage: number) => ({ name: 'centre', url: receiver.url, secret, perPage });
const life = lifeOf();
const all: ConcernedCustomer[] = Array.from({ length: 11 }, (_, number) => ({
  ...{ subscriber: String(100 + number), segment: 'consumer', plan: 'flat', records_during: 1, records_before: 2 },
  last_at: '2026-01-05T12:00:00.000Z',
}));
const tools = (customers: readonly ConcernedCustomer[] = all, unknown: readonly string[] = []): Tools => ({
  ...testTools(),
  customers: async (_, { after, limit }) => ({
    unknown,
    items: customers.filter(({ subscriber }) => Number(subscriber) > Number(after)).slice(0, limit),
  }),
});
interface Told {
  readonly data: {
    readonly page: number;
    readonly last: boolean;
    readonly complete: boolean;
    readonly customers: readonly ConcernedCustomer[];
  };
}
const told = () => receiver.received.map(({ body }) => (JSON.parse(body) as Told).data);

describe('customers of an incident', () => {
  it.each([1, 5, 11, 100])('are told once each, %i in a request, and the last one says that it is', async (perPage) => {
    const answer = await customersTarget(settings(perPage)).deliver(life.opened, tools());
    const pages = Math.ceil(11 / perPage);
    expect(answer).toEqual({ outcome: 'delivered', status: 204, note: `11 customers in ${pages} pages` });
    expect(told().flatMap(({ customers }) => customers)).toEqual(all);
    expect(told().map(({ page, last, complete }) => [page, last, complete])).toEqual(
      Array.from({ length: pages }, (_, at) => [at + 1, at === pages - 1, at === pages - 1]),
    );
  });

  it('are signed, and a repetition has the same id', () => {
    const page = { number: 1, last: true, complete: true, customers: all };
    const [first, again] = [Date.now(), Date.now() + 60_000].map((now) => customersRequest(settings(5), life.opened, page, now));
    expect(first!.headers['webhook-id']).toBe(`${life.opened.incident_id}_1_customers_1`);
    expect(again!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(new Webhook(secret).verify(first!.body, { ...first!.headers })).toMatchObject({ type: 'incident.customers' });
  });

  it('are told when it opens, opens again, gets worse and ends, and when nobody is known, nothing is sent', async () => {
    const target = customersTarget(settings(100));
    for (const incident of Object.values(life)) await target.deliver(incident, tools());
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
      [life.opened, life.updated, life.resolved, life.reopened].map(({ sequence }) => `${life.opened.incident_id}_${sequence}_customers_1`),
    );
    receiver.received.length = 0;
    expect(await target.deliver(life.opened, tools([]))).toMatchObject({ outcome: 'delivered', note: 'no customers are known' });
    expect(await target.deliver(life.opened, tools(all, ['olt']))).toMatchObject({
      note: 'neither usage nor the topology has olt: nobody can be named',
    });
    expect(receiver.received).toEqual([]);
  });

  it('are tried again as a whole when a page is not taken or the tables do not answer', async () => {
    receiver.answer = ({ headers }, response) => response.writeHead(String(headers['webhook-id']).endsWith('_2') ? 503 : 204).end();
    const target = customersTarget(settings(5));
    expect(await target.deliver(life.opened, tools())).toMatchObject({ outcome: 'retry', status: 503 });
    const broken: Tools = { ...testTools(), customers: () => Promise.reject(new Error('away')) };
    expect(await target.deliver(life.opened, broken)).toMatchObject({ outcome: 'retry', status: 0 });
  });
});
