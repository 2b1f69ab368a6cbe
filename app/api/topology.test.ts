import { expect, it } from 'vitest';
import { secrets, testApi } from './context.fixture.ts';

const headers = { authorization: `Bearer ${secrets.reader}` };
const rows = {
  'topology-types': [{ type: 'pon' }],
  'topology-parents': [{ type: 'olt', name: 'olt-1' }],
  'topology-children': [],
};

it('shows an element with its parents and the customers behind it', async () => {
  const { api } = await testApi({ rows });
  const answer = await api.inject({ url: '/api/v1/topology/olt-1%2F3', headers });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    type: 'pon',
    name: 'olt-1/3',
    parents: [{ type: 'olt', name: 'olt-1', children: 0 }],
    customers: { count: 0, segments: {}, vips: [] },
  });
});

it('gives nodes and edges for a node graph', async () => {
  const { api } = await testApi({ rows });
  const answer = await api.inject({ url: '/api/v1/topology/olt-1%2F3/graph?depth=1', headers });
  expect(answer.json()).toEqual({
    nodes: [
      { id: 'pon/olt-1/3', title: 'olt-1/3', subtitle: 'pon' },
      { id: 'olt/olt-1', title: 'olt-1', subtitle: 'olt' },
    ],
    edges: [{ id: 'olt/olt-1>pon/olt-1/3', source: 'olt/olt-1', target: 'pon/olt-1/3' }],
  });
});

it('refuses what is not known, what is ambiguous, and what is out of bounds', async () => {
  const unknown = await testApi();
  expect((await unknown.api.inject({ url: '/api/v1/topology/nobody', headers })).statusCode).toBe(404);
  const several = await testApi({ rows: { 'topology-types': [{ type: 'cell' }, { type: 'site' }] } });
  const answer = await several.api.inject({ url: '/api/v1/topology/x', headers });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().message).toContain('cell, site');
  for (const query of ['depth=7', 'limit=2001', 'depth=0', 'type=a%20b'])
    expect((await several.api.inject({ url: `/api/v1/topology/x/graph?${query}`, headers })).statusCode, query).toBe(400);
  expect((await several.api.inject({ url: '/api/v1/topology/x' })).statusCode).toBe(401);
});
