/** Maintenance windows and silences: the list, entering one, cancelling one. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { createMaintenanceBook } from '../../maintenance/book.ts';
import { recurringOf } from '../../maintenance/maintenance.ts';
import { type MaintenanceRow, type MaintenanceWindow, phaseOf } from '../../maintenance/window.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, pageOfRows } from '../page.ts';
import { answers, paging } from '../schemas.ts';

const text = (description: string) => Type.String({ description });
const instant = (description: string) => Type.String({ format: 'date-time', description: `${description}; ISO 8601` });
const Labels = Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 400 }), {
  minProperties: 1,
  maxProperties: 20,
  description: 'Labels that a finding must have to be held, all of them: name to value',
});

const Window = Type.Object(
  {
    maintenance_id: text('Identity'),
    kind: text('window (planned work) or silence (asked for by a person)'),
    matchers: Labels,
    starts_at: instant('First instant'),
    ends_at: instant('First instant after it'),
    reason: text('Why'),
    actor: text('Who entered or cancelled it'),
    state: text('planned, active, ended, cancelled'),
    version: Type.Integer({ minimum: 1, description: 'Grows with each change' }),
    at: instant('When it was entered or changed'),
  },
  { additionalProperties: true, description: 'A maintenance window or a silence' },
);

const Weekly = Type.Object(
  { id: text('Place in the settings'), weekly: text('When, by the clock of the operator'), matchers: Labels, reason: text('Why') },
  { additionalProperties: true, description: 'Weekly work of a calendar' },
);

const Entry = Type.Object(
  {
    kind: Type.Union([Type.Literal('window'), Type.Literal('silence')], { default: 'window', description: 'Planned work, or a silence' }),
    matchers: Labels,
    starts_at: Type.Optional(instant('First instant; default: now')),
    ends_at: instant('First instant after it'),
    reason: Type.String({ minLength: 1, maxLength: 400, description: 'Why' }),
  },
  { additionalProperties: false },
);

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100, description: 'Identity of the window' }) });

const shown = (window: MaintenanceWindow, now: number): object => ({
  ...window,
  state: phaseOf(window, now),
  starts_at: new Date(window.starts_at).toISOString(),
  ends_at: new Date(window.ends_at).toISOString(),
  at: new Date(window.at).toISOString(),
});

/** A row of the list as the API shows it. */
export function shownRow({ phase, ...row }: MaintenanceRow & { readonly phase: string }): object {
  return {
    ...row,
    state: phase,
    version: Number(row.version),
    starts_at: isoOf(row.starts_at),
    ends_at: isoOf(row.ends_at),
    at: isoOf(row.at),
  };
}

export function maintenanceRoutes(api: Api, { store, clock, audit, settings }: ApiContext): void {
  const book = createMaintenanceBook({ store, clock, tenant: settings.tenant });
  const weekly = recurringOf(settings).map(({ id, text: when, match, reason }) => ({ id, weekly: when, matchers: match, reason }));

  api.get(
    '/maintenance',
    {
      schema: {
        tags: ['maintenance'],
        summary: 'Maintenance windows and silences, the latest to begin first, and the weekly work of the settings',
        querystring: Type.Object(
          { state: Type.Optional(Type.String({ pattern: '^(planned|active|ended|cancelled)$', description: 'Only these' })), ...paging },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object({
            items: Type.Array(Window),
            next: Type.Union([text('Cursor of the next page; null on the last one'), Type.Null()]),
            weekly: Type.Array(Weekly),
          }),
        }),
      },
    },
    async ({ query }) => {
      const rows = await book.page({ state: query.state ?? '', ...afterOf(query.cursor), limit: query.limit + 1 });
      return { ...pageOfRows(rows, query.limit, (row) => [row.starts_at, row.maintenance_id], shownRow), weekly };
    },
  );

  api.post(
    '/maintenance',
    {
      config: { access: 'act' },
      schema: {
        tags: ['maintenance'],
        summary: 'Enter a maintenance window or a silence: findings with its labels are held back while it lasts',
        body: Entry,
        response: answers({ 201: Window }),
      },
    },
    async (request, reply) => {
      const { kind, matchers, starts_at, ends_at, reason } = request.body;
      const principal = request.principal!;
      const window = await book.add(
        { kind, matchers, reason, endsAt: Date.parse(ends_at), ...(starts_at === undefined ? {} : { startsAt: Date.parse(starts_at) }) },
        principal.name,
      );
      await audit({
        principal,
        action: 'maintenance.add',
        target: window.maintenance_id,
        address: request.ip,
        detail: { kind, ends_at: new Date(window.ends_at).toISOString() },
      });
      return reply.code(201).send(shown(window, clock.now()));
    },
  );

  api.post(
    '/maintenance/:id/cancel',
    {
      config: { access: 'act' },
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags: ['maintenance'],
        summary: 'Cancel: what is going on ends now, what was planned does not begin',
        params: Id,
        body: Type.Object({}, { additionalProperties: false }),
        response: answers({ 200: Window }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const principal = request.principal!;
      const result = await book.cancel(id, principal.name);
      if (result.outcome === 'not_found')
        throw new WeirError('not_found', `There is no maintenance ${id}.`, { hint: 'List them with GET /api/v1/maintenance.' });
      if (result.outcome === 'refused') throw new WeirError('conflict', result.reason, { hint: 'Load the list again.' });
      if (result.outcome === 'changed')
        await audit({
          principal,
          action: 'maintenance.cancel',
          target: id,
          address: request.ip,
          detail: { version: String(result.window.version) },
        });
      return shown(result.window, clock.now());
    },
  );
}
