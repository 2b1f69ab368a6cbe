/** What controls and detectors said. */
import Type from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, pageOfRows, sinceOf } from '../page.ts';
import { answers, ControlResult, Finding, pageOf, paging, since } from '../schemas.ts';

const word = (description: string) => Type.Optional(Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9_.-]+$', description }));

interface ResultRow {
  readonly id: string;
  readonly window_from: string;
  readonly window_to: string;
  readonly judged_at: string;
  readonly watermarks: Readonly<Record<string, string>>;
}

export function findingRoutes(api: Api, { store, settings: { tenant } }: ApiContext): void {
  api.get(
    '/findings',
    {
      schema: {
        tags: ['findings'],
        summary: 'The latest word on each finding, the latest detected first',
        querystring: Type.Object(
          {
            state: word('firing or cleared'),
            detector: word('Only of this control or detector'),
            kind: word('revenue, service, data'),
            since,
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Finding, 'A page of findings') }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<{ body: string; finding_key: string; detected_at: string }>('api-findings', {
        tenant,
        state: query.state ?? '',
        detector: query.detector ?? '',
        kind: query.kind ?? '',
        since: sinceOf(query.since),
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(
        rows,
        query.limit,
        (row) => [row.detected_at, row.finding_key],
        (row) => JSON.parse(row.body) as object,
      );
    },
  );

  api.get(
    '/control-results',
    {
      schema: {
        tags: ['findings'],
        summary: 'The latest judgement of each control, window and cell, the latest first',
        querystring: Type.Object(
          { control: word('Only of this control'), state: word('ok, violation, not_applicable, waiting'), since, ...paging },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(ControlResult, 'A page of judgements') }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<ResultRow>('api-control-results', {
        tenant,
        control: query.control ?? '',
        state: query.state ?? '',
        since: sinceOf(query.since),
        ...afterOf(query.cursor),
        limit: query.limit + 1,
      });
      return pageOfRows(
        rows,
        query.limit,
        (row) => [row.judged_at, row.id],
        ({ id: _key, ...row }) => ({
          ...row,
          window_from: isoOf(row.window_from),
          window_to: isoOf(row.window_to),
          judged_at: isoOf(row.judged_at),
          watermarks: Object.fromEntries(Object.entries(row.watermarks).map(([leg, at]) => [leg, isoOf(at)])),
        }),
      );
    },
  );
}
