/** The topology: an element with what is above and behind it, and the edges around it for a graph. */
import Type from 'typebox';
import { elementGraph, elementNamed, elementView } from '../../topology/topology.ts';
import { elementKey } from '../../topology/walk.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const strict = { additionalProperties: false };
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const element = Type.Object({
  element: Type.String({ minLength: 1, maxLength: 512, description: 'Name of the element, percent-encoded' }),
});
const type = Type.Optional(
  Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'Its type, where several elements have the name: pon, ont, cell, …' }),
);
const at = Type.Optional(Type.String({ format: 'date-time', description: 'As of this instant; default: now' }));
const Near = Type.Object({ type: text('Type'), name: text('Name'), children: count('Elements directly behind it') });

const ElementAnswer = Type.Object(
  {
    type: text('Type'),
    name: text('Name'),
    at: Type.String({ format: 'date-time', description: 'As of when' }),
    parents: Type.Array(Near),
    children: Type.Array(Near),
    behind: Type.Record(Type.String(), count('Elements'), { description: 'Elements behind it by type' }),
    customers: Type.Object({
      count: count('Customers behind it'),
      segments: Type.Record(Type.String(), count('Customers')),
      vips: Type.Array(text('Pseudonym of a customer of a segment that is named')),
    }),
  },
  { additionalProperties: true, description: 'An element' },
);

const GraphAnswer = Type.Object(
  {
    nodes: Type.Array(Type.Object({ id: text('type/name'), title: text('Name'), subtitle: text('Type') })),
    edges: Type.Array(Type.Object({ id: text('Identifier'), source: text('id of the parent'), target: text('id of the child') })),
  },
  { description: 'Nodes and edges as a node graph wants them' },
);

/** Most parents, and most children, in one answer. */
const mostNear = 500;

export function topologyRoutes(api: Api, { store, clock, settings }: ApiContext): void {
  const asked = { store, tenant: settings.tenant };
  const instantOf = (iso: string | undefined): number => (iso === undefined ? clock.now() : Math.max(0, Date.parse(iso)));

  api.get(
    '/topology/:element',
    {
      schema: {
        tags: ['topology'],
        summary: 'An element: what is directly above and behind it, and the customers behind it',
        params: element,
        querystring: Type.Object(
          {
            type,
            at,
            limit: Type.Integer({ minimum: 1, maximum: mostNear, default: 100, description: 'Most parents, and most children' }),
          },
          strict,
        ),
        response: answers({ 200: ElementAnswer }),
      },
    },
    async ({ params, query }) => {
      const found = await elementNamed(asked, params.element, query.type);
      return elementView(asked, found, { at: instantOf(query.at), limit: query.limit, vipSegments: settings.service.vipSegments });
    },
  );

  api.get(
    '/topology/:element/graph',
    {
      schema: {
        tags: ['topology'],
        summary: 'Nodes and edges around an element, the nearest first',
        params: element,
        querystring: Type.Object(
          {
            type,
            at,
            depth: Type.Integer({ minimum: 1, maximum: 6, default: 2, description: 'Steps above and below' }),
            limit: Type.Integer({ minimum: 1, maximum: 2000, default: 300, description: 'Most edges' }),
          },
          strict,
        ),
        response: answers({ 200: GraphAnswer }),
      },
    },
    async ({ params, query }) => {
      const found = await elementNamed(asked, params.element, query.type);
      const edges = await elementGraph(asked, found, { at: instantOf(query.at), depth: query.depth, limit: query.limit });
      const nodes = new Map([found, ...edges.flatMap(({ parent, child }) => [parent, child])].map((each) => [elementKey(each), each]));
      return {
        nodes: [...nodes].map(([id, { type: subtitle, name: title }]) => ({ id, title, subtitle })),
        edges: edges.map(({ parent, child }) => ({
          id: `${elementKey(parent)}>${elementKey(child)}`,
          source: elementKey(parent),
          target: elementKey(child),
        })),
      };
    },
  );
}
