/** Questions of dashboards: several at once, answered as data frames. */
import Type, { type Static } from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { kpis } from '../../../detectors/service/kpis/index.ts';
import { version } from '../../cli/version.ts';
import type { SourceAccounting } from '../accounting.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { kpiMetrics, titleOf, usageDimensions } from '../query/kpi.ts';
import { macroNames } from '../query/macros.ts';
import { queryRunner } from '../query/run.ts';
import { lists } from '../query/values.ts';
import { answers, ErrorBody } from '../schemas.ts';

const word = (description: string) => Type.String({ maxLength: 200, description });
const words = (description: string) => Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200, description }));
const oneOf = <T extends string>(values: readonly T[], description: string) => Type.Optional(Type.Enum([...values], { description }));

const Filter = Type.Object(
  {
    key: word('Dimension or column'),
    operator: Type.String({ maxLength: 2, description: '= != =| (one of) !=| =~ !~, and < > <= >= in SQL' }),
    value: Type.Optional(Type.String({ maxLength: 1000, description: 'Value' })),
    values: Type.Optional(Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 500, description: 'Several values, of =| and !=|' })),
  },
  { additionalProperties: false },
);

const views = [
  'list',
  'open',
  'performance',
  'summary',
  'facts',
  'explanation',
  'timeline',
  'findings',
  'evidence',
  'chart',
  'runs',
  'causes',
  'breaks',
  'objectives',
  'history',
  'sources',
  'flow',
  'rejects',
  'completeness',
] as const;

const Query = Type.Object(
  {
    refId: Type.String({ minLength: 1, maxLength: 64, description: 'Under which it is answered' }),
    type: Type.Enum(['kpi', 'incidents', 'reconciliation', 'slo', 'accounting', 'sql', 'values'], { description: 'What is asked' }),
    view: oneOf(
      views,
      'incidents: list, open, performance, or of one: summary, facts, explanation, timeline, findings, evidence, chart. reconciliation: runs, causes, breaks. slo: objectives, history. accounting: sources, flow, rejects, completeness',
    ),
    metric: Type.Optional(word('kpi: metric, see GET /api/v1/query')),
    dimensions: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 3, description: 'kpi: cut by these' })),
    filters: Type.Optional(Type.Array(Filter, { maxItems: 20, description: 'kpi, values, sql ($__adhocFilters): only these' })),
    band: Type.Optional(Type.Boolean({ description: 'kpi: what was to be expected from the four weeks before' })),
    compare: Type.Optional(Type.Boolean({ description: 'kpi: the week before beside it' })),
    format: oneOf(['series', 'total', 'table'] as const, 'kpi: series over time or one total; sql: table or series'),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Most series or rows' })),
    stepSeconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 604_800, description: 'kpi: least length of a bucket; it is longer where intervalMs is' }),
    ),
    states: words('incidents: only in these states'),
    severities: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 5 }), { maxItems: 5, description: 'incidents: only of these severities' }),
    ),
    categories: words('incidents: only of these categories'),
    teams: words('incidents: only of these teams'),
    detectors: words('incidents: only of these controls or detectors'),
    incident: Type.Optional(word('incidents: the one')),
    controls: words('reconciliation: only these controls'),
    comparisons: words('reconciliation: only these comparisons'),
    classes: words('reconciliation: mismatch, a_only, b_only'),
    objectives: words('slo: only these objectives'),
    sources: words('accounting: only these sources'),
    sql: Type.Optional(Type.String({ maxLength: 100_000, description: 'sql: one reading statement, with macros' })),
    units: Type.Optional(
      Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 40 }), {
        maxProperties: 50,
        description: 'sql: units of columns, e.g. currency for that of the tenant; * is every number',
      }),
    ),
    of: Type.Optional(word(`values: of a dimension, or ${lists.join(', ')}`)),
  },
  { additionalProperties: false },
);

const Body = Type.Object(
  {
    from: Type.Number({ minimum: 0, maximum: 32_503_680_000_000, description: 'First instant, ms since 1970' }),
    to: Type.Number({ minimum: 0, maximum: 32_503_680_000_000, description: 'Last instant, ms since 1970' }),
    intervalMs: Type.Number({ minimum: 1, default: 60_000, description: 'Length of a bucket that the panel has room for, ms' }),
    filters: Type.Array(Filter, { maxItems: 20, default: [], description: 'Filters of the whole board' }),
    queries: Type.Array(Query, { minItems: 1, maxItems: 50, description: 'Each is answered by itself' }),
  },
  { additionalProperties: false },
);

const Frame = Type.Object(
  {
    schema: Type.Object(
      { fields: Type.Array(Type.Object({ name: Type.String(), type: Type.String() }, { additionalProperties: true })) },
      { additionalProperties: true },
    ),
    data: Type.Object({ values: Type.Array(Type.Array(Type.Unknown())) }),
  },
  { description: 'A data frame as Grafana has them: fields, and one array of values each; times in ms' },
);

const About = Type.Object(
  {
    version: Type.String({ description: 'Version of Weir' }),
    tenant: Type.String({ description: 'Tenant' }),
    currency: Type.String({ description: 'Currency of the amounts' }),
    metrics: Type.Array(Type.Object({ name: Type.String(), title: Type.String(), unit: Type.String(), description: Type.String() }), {
      description: 'Metrics of kpi',
    }),
    dimensions: Type.Array(Type.String(), { description: 'Dimensions of kpi' }),
    lists: Type.Array(Type.String(), { description: 'What `values` knows besides' }),
    macros: Type.Array(Type.String(), { description: 'Macros of sql' }),
  },
  { description: 'What can be asked' },
);

export function queryRoutes(api: Api, context: ApiContext, accounting: () => Promise<ReadonlyMap<string, SourceAccounting>>): void {
  const { store, analyst, settings, clock, log } = context;
  const run = queryRunner({
    ...{ store, analyst, settings, accounting, now: () => clock.now() },
    onUnexpected: (error) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a query of a board failed'),
  });

  api.get(
    '/query',
    {
      schema: {
        tags: ['query'],
        summary: 'What can be asked: metrics, dimensions, macros, and the version',
        response: answers({ 200: About }),
      },
    },
    async (): Promise<Static<typeof About>> => ({
      version,
      tenant: settings.tenant,
      currency: settings.currency,
      metrics: [
        ...kpiMetrics.map((metric) => ({ name: metric.name, title: titleOf(metric), unit: metric.unit, description: metric.description })),
        ...kpis.map(({ name, title, unit, standard, formula }) => ({ name, title, unit, description: `${formula} (${standard})` })),
      ],
      dimensions: [...usageDimensions],
      lists: [...lists],
      macros: [...macroNames],
    }),
  );

  api.post(
    '/query',
    {
      schema: {
        tags: ['query'],
        summary: 'Questions of a board, answered as data frames; one that fails has its own error',
        description:
          'What the Grafana datasource asks. SQL runs as the read-only analyst, within limits, with the macros of the ClickHouse datasource of Grafana.',
        body: Body,
        response: answers({
          200: Type.Object(
            {
              results: Type.Record(Type.String(), Type.Object({ frames: Type.Array(Frame), error: Type.Optional(ErrorBody) }), {
                description: 'By refId',
              }),
            },
            { description: 'An answer or an error for each query' },
          ),
        }),
      },
    },
    async ({ body }) => {
      if (body.to <= body.from) throw new WeirError('usage', 'The range ends before it begins.', { hint: 'Give from and to in ms.' });
      return { results: await run(body) };
    },
  );
}
