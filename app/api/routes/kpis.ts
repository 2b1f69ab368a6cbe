/** The KPI catalogue, and figures of one KPI over time and by dimension. */
import Type from 'typebox';
import { type CauseStatement, causesFor } from '../../../core/causes.ts';
import { WeirError } from '../../../core/errors.ts';
import { type KpiDefinition, type KpiValue, kpiDimensions, kpiStanding, kpis } from '../../../detectors/service/kpis/index.ts';
import { knownKpi, kpiQuestion } from '../../kpis/ask.ts';
import { type KpiAnswer, readKpi } from '../../kpis/read.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

const text = (description: string) => Type.String({ description });
const nullable = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const open = { additionalProperties: true };

const Kpi = Type.Object(
  {
    name: text('Stable short name'),
    title: text('Title'),
    group: text('voice, sms, data, roaming, access, records, orders, incidents'),
    standard: text('Who defines it, with the clause'),
    formula: text('How it is made'),
    unit: text('Unit of its values; ratio = 0 to 1'),
    better: text('higher, lower, or steady: to be judged against its own past alone'),
    rater: text('reliability, assurance, tangibles, empathy or responsiveness'),
    dimensions: Type.Array(Type.String(), { description: 'By what it can be cut' }),
    minimum: Type.Number({ description: 'Volume below which it has no value' }),
    volume: text('What its volume counts'),
    limits: Type.Array(Type.Object({ level: text('good or poor'), value: Type.Number(), source: text('Who says so') }), {
      description: 'Usual limits, in the unit',
    }),
  },
  { ...open, description: 'A KPI' },
);

const value = {
  state: text('ok; too_few: less than the minimum volume; no_data: no traffic at all'),
  value: nullable('In the unit of the KPI; null without enough data, never 0 for want of it'),
  standing: text('Against the usual limits: good, fair, poor; unrated without value or limit'),
  volume: Type.Number({ description: 'How much stands behind it; of a ratio the denominator' }),
  events: nullable('Of a ratio the numerator: good events where more is better, bad ones where less is'),
};

const Figures = Type.Object(
  {
    kpi: Kpi,
    from: text('First instant; ISO 8601, UTC'),
    to: text('First instant after it'),
    step_seconds: Type.Number({ description: '0 = the whole window' }),
    by: Type.Array(Type.String()),
    legs: Type.Array(Type.String(), { description: 'Legs that it was read from' }),
    groups: Type.Array(
      Type.Object({
        labels: Type.Record(Type.String(), Type.String(), { description: 'Dimension to value' }),
        total: Type.Object(value, { description: 'The whole window' }),
        points: Type.Array(Type.Object({ at: text('Start of the step'), ...value }), { description: 'Every step, in order of time' }),
      }),
      { description: 'The largest volume first' },
    ),
    more: Type.Number({ description: 'Groups that were left out' }),
  },
  { ...open, description: 'Figures of a KPI' },
);

const Cause = Type.Object(
  {
    scheme: text('q850, sip or radius'),
    value: Type.Number({ description: 'Cause value, SIP code or RADIUS terminate cause' }),
    name: text('Its name'),
    cause_class: text('normal, user, network, congestion, interworking, unknown'),
    source: text('A recommendation, or the reference data'),
  },
  { ...open, description: 'What a cause means' },
);

/** Every dimension of any KPI: `?partner=acme,other` keeps those values. */
const dimensions = [...new Set(Object.values(kpiDimensions).flat())];
const filters = Object.fromEntries(
  dimensions
    .filter((dimension) => dimension !== 'leg')
    .map((dimension) => [
      dimension,
      Type.Optional(Type.String({ maxLength: 4_000, description: `Only these values of ${dimension}, separated by commas` })),
    ]),
);
const instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

/** A KPI as the API and `weir kpis --json` show it. */
export function kpiJson(kpi: KpiDefinition): object {
  const { measure: _measure, ...shown } = kpi;
  return shown;
}

const valueJson = (kpi: KpiDefinition, figure: KpiValue): object => ({
  state: figure.state,
  value: figure.value,
  standing: kpiStanding(kpi, figure.value),
  volume: figure.volume,
  events: figure.events,
});

/** An answer as the API and `weir kpis NAME --json` show it. */
export function kpiAnswerJson({ question, legs, groups, more }: KpiAnswer): object {
  const { kpi, window, stepMs, by } = question;
  return {
    kpi: kpiJson(kpi),
    from: new Date(window.from).toISOString(),
    to: new Date(window.to).toISOString(),
    step_seconds: stepMs / 1000,
    by,
    legs,
    groups: groups.map(({ labels, total, points }) => ({
      labels,
      total: valueJson(kpi, total),
      points: points.map(({ at, ...figure }) => ({ at: new Date(at).toISOString(), ...valueJson(kpi, figure) })),
    })),
    more,
  };
}

export function kpiRoutes(api: Api, { store, clock, settings }: ApiContext): void {
  const { tenant } = settings;

  api.get(
    '/kpis',
    {
      schema: {
        tags: ['kpis'],
        summary: 'The KPI catalogue: standards, formulas, dimensions, usual limits, runbooks',
        response: answers({ 200: Type.Object({ items: Type.Array(Kpi) }, { description: 'Every KPI' }) }),
      },
    },
    async () => ({ items: kpis.map(kpiJson) }),
  );

  api.get(
    '/causes',
    {
      schema: {
        tags: ['kpis'],
        summary: 'What release causes mean for a partner: as shipped, and what the reference data say otherwise',
        querystring: Type.Object(
          { partner: Type.String({ maxLength: 200, default: '', description: 'Partner; empty = what holds for all' }) },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.Object({ items: Type.Array(Cause) }, { description: 'Every known cause, by scheme and value' }) }),
      },
    },
    async ({ query }) => {
      const statements = await store.rows<CauseStatement>('reference-causes', { tenant });
      return { items: causesFor(statements, query.partner).map(({ causeClass, ...meaning }) => ({ ...meaning, cause_class: causeClass })) };
    },
  );

  api.get(
    '/kpis/:name',
    {
      schema: {
        tags: ['kpis'],
        summary: 'Figures of a KPI: the whole window and its steps, by up to two dimensions',
        params: Type.Object({ name: Type.String({ maxLength: 64, description: 'Name of the KPI' }) }),
        querystring: Type.Object(
          {
            from: instant('First instant; default: a day before to'),
            to: instant('First instant after it; default: the end of this hour'),
            step: Type.Integer({
              minimum: 0,
              maximum: 400 * 86_400,
              default: 0,
              description: 'Length of a step, s: whole minutes; 0 = no steps',
            }),
            by: Type.Optional(Type.String({ maxLength: 200, pattern: '^[a-z_]+(,[a-z_]+)?$', description: 'One or two dimensions' })),
            leg: Type.Optional(Type.String({ maxLength: 64, description: 'Leg of the chain; default: the best that has records' })),
            limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'Most groups, the largest volume first' }),
            ...filters,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Figures }),
      },
    },
    async ({ params, query }) => {
      const { from, to, step, by, leg, limit, ...wanted } = query as typeof query & Readonly<Record<string, string | undefined>>;
      // Windows of whole hours are read from the rollup by hour.
      const end = to === undefined ? Math.ceil(clock.now() / hourMs) * hourMs : Date.parse(to);
      const begin = from === undefined ? end - dayMs : Date.parse(from);
      if (Number.isNaN(begin) || Number.isNaN(end))
        throw new WeirError('usage', 'from or to is not a time.', { hint: '2026-11-01T00:00:00Z' });
      const only = Object.fromEntries(Object.entries(wanted).map(([dimension, values]) => [dimension, String(values).split(',')]));
      const question = kpiQuestion({
        kpi: knownKpi(params.name),
        window: { from: begin, to: end },
        stepMs: step * 1000,
        by: by === undefined ? [] : by.split(','),
        leg: leg ?? '',
        only,
        limit,
      });
      return kpiAnswerJson(await readKpi(store, tenant, question));
    },
  );
}
