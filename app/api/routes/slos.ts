/** Service level objectives: state, error budget, burn history. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import type { Objective } from '../../../detectors/service/slo/index.ts';
import { kpiPort } from '../../slo/kpi-catalogue.ts';
import { burnHistory, listObjectives, objectiveNamed } from '../../slo/list.ts';
import { objectivesOf } from '../../slo/settings.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const dayMs = 86_400_000;
/** Longest history of one answer. */
const mostDays = 400;

const text = (description: string) => Type.String({ description });
const number = (description: string) => Type.Number({ description });
const maybe = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(schema: T) => Type.Union([schema, Type.Null()]);
const instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
const rates = Type.Record(Type.String(), Type.Number(), { description: 'Burn rate by window, e.g. 1h; what is missing has no data' });

const Slo = {
  slo: text('Name; of several objectives with the number behind it'),
  title: text('Title'),
  service: text('Service'),
  description: text('Description'),
  method: text('Occurrences or Timeslices'),
  target: number('Share that must be good, 0 to 1'),
  state: text('ok, burning, exhausted, no_data, learning (the past is still being counted), not_judged'),
  window: Type.Object(
    {
      kind: text('rolling or calendar'),
      from: maybe(text('First instant')),
      to: maybe(text('First instant after it')),
      time_zone: maybe(text('Of a calendar')),
    },
    { description: 'Window of the objective' },
  ),
  judged_to: maybe(text('Event time up to which it was counted')),
  last_data_at: maybe(text('End of the last slice with data')),
  good: number('Good events, of Timeslices good slices'),
  total: number('All of them'),
  share: maybe(number('Share of good; null = no data')),
  allowed: number('Bad ones that the window allows'),
  budget_left: maybe(number('Share of the error budget that is left: 1 all, 0 none, below it overspent; null = no data')),
  burn: rates,
  firing: Type.Array(text('Rule'), { description: 'Rules that fire' }),
  rules: Type.Array(Type.Object({ name: text('Rule'), severity: text('Severity'), text: text('When it fires') })),
  notes: Type.Array(text('What to know of it')),
  labels: Type.Record(Type.String(), Type.String()),
  file: text('File that it stands in'),
};
const open = { additionalProperties: true };
const Point = Type.Object(
  {
    at: text('Event time'),
    state: text('State'),
    budget_left: maybe(number('Share of the budget that is left')),
    burn: rates,
    firing: Type.Array(text('Rule')),
  },
  open,
);

export function sloRoutes(api: Api, { store, clock, settings, log }: ApiContext): void {
  const { tenant } = settings;
  let read: readonly Objective[] | undefined;
  const objectives = (): readonly Objective[] => {
    read ??= objectivesOf(settings, kpiPort(store, tenant), log);
    return read;
  };

  api.get(
    '/slos',
    {
      schema: {
        tags: ['service'],
        summary: 'Service level objectives with state and error budget, the least budget first',
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers({ 200: Type.Object({ items: Type.Array(Type.Object(Slo, open)) }) }),
      },
    },
    async () => ({ items: [...(await listObjectives(store, tenant, objectives()))] }),
  );

  api.get(
    '/slos/:name',
    {
      schema: {
        tags: ['service'],
        summary: 'One objective, with its burn history',
        // Of an SLO with several objectives: NAME%2F2.
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 80, description: 'Name; a slash as %2F' }) }),
        querystring: Type.Object(
          { from: instant('First instant of the history; default: 7 days before to'), to: instant('First instant after it; default: now') },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.Object({ ...Slo, history: Type.Array(Point, { description: 'At most 500 points' }) }, open) }),
      },
    },
    async ({ params, query }) => {
      const objective = objectiveNamed(objectives(), params.name);
      const to = query.to === undefined ? clock.now() : Date.parse(query.to);
      const from = query.from === undefined ? to - 7 * dayMs : Date.parse(query.from);
      if (to <= from) throw new WeirError('usage', 'to must be after from.');
      if (to - from > mostDays * dayMs) throw new WeirError('usage', `A history spans at most ${mostDays} days.`);
      const [item] = await listObjectives(store, tenant, [objective]);
      return { ...item!, history: [...(await burnHistory(store, tenant, objective.identity, from, to))] };
    },
  );
}
