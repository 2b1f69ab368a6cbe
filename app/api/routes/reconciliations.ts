/** Record-level reconciliation: windows, why they break, the breaks, and the two records of a pair. */
import Type from 'typebox';
import { writeInstant } from '../../../core/row.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { afterOf, isoOf, pageOfRows } from '../page.ts';
import { answers, pageOf, paging } from '../schemas.ts';
import { afterRankOf, rankCursorOf } from './series.ts';

const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Number({ description });
const open = { additionalProperties: true };
const name = (description: string) => Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9_.-]+$', description });
const uuid = (description: string) => Type.String({ format: 'uuid', description });
const instant = (description: string) => Type.String({ format: 'date-time', description });
const deadline = { timeoutMs: 20_000 };
/** Of a pair that has one record only. */
const none = '00000000-0000-0000-0000-000000000000';

const counts = ['records_a', 'records_b', 'exact', 'within_tolerance', 'settled', 'mismatch', 'a_only', 'b_only', 'took_ms'] as const;
const units = ['ms_a', 'ms_b', 'octets_a', 'octets_b', 'events_a', 'events_b'] as const;

const Run = {
  control: name('Control: S08 or S09'),
  comparison: name('Name of the comparison'),
  run: Type.String({ pattern: '^\\d{1,20}$', description: 'Run of the reconciliation' }),
};

const Window = Type.Object(
  {
    ...Run,
    window_from: instant('First instant of the window'),
    window_to: instant('First instant after it'),
    leg_a: text('Leg upstream'),
    leg_b: text('Leg downstream'),
    state: text('done, or not_applicable'),
    exact: count('Pairs that agree'),
    within_tolerance: count('Pairs that agree within the tolerances'),
    settled: count('Records that agree over the day of their subscriber'),
    mismatch: count('Pairs that differ'),
    a_only: count('Records of A without partner'),
    b_only: count('Records of B without partner'),
    a_states_more: text('What A states more than B, decimal'),
    b_states_more: text('What B states more than A, decimal'),
  },
  { ...open, description: 'A reconciled window' },
);

const Cause = Type.Object(
  {
    text: text('The cause in words'),
    class: text('mismatch, a_only, b_only'),
    records: count('Breaks that it explains'),
    share: count('Share of its class'),
  },
  { ...open, description: 'Why breaks break' },
);

const Break = Type.Object(
  {
    class: text('mismatch, a_only, b_only'),
    record_a: text('Record of A; zeros = none'),
    record_b: text('Record of B; zeros = none'),
    difference: text('What A states more than B, decimal'),
  },
  { ...open, description: 'A break' },
);

type WindowRow = Readonly<Record<(typeof counts)[number], string>> &
  Readonly<Record<'id' | 'window_from' | 'window_to' | 'finished_at', string>>;
type BreakRow = Readonly<Record<(typeof units)[number], string>> & Readonly<Record<'id' | 'rank' | 'start_a' | 'start_b', string>>;

const numbersOf = <Name extends string>(row: Readonly<Record<Name, string>>, names: readonly Name[]): Record<string, number> =>
  Object.fromEntries(names.map((each) => [each, Number(row[each])]));

export function reconciliationRoutes(api: Api, { store, settings: { tenant } }: ApiContext): void {
  api.get(
    '/reconciliations',
    {
      schema: {
        tags: ['findings'],
        summary: 'Reconciled windows with the counts of their latest run, the latest window first',
        querystring: Type.Object(
          { control: Type.Optional(Run.control), comparison: Type.Optional(Run.comparison), ...paging },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Window, 'A page of reconciled windows') }),
      },
    },
    async ({ query }) => {
      const { control = '', comparison = '', limit } = query;
      const rows = await store.rows<WindowRow>(
        'api-reconciliations',
        { tenant, control, comparison, ...afterOf(query.cursor), limit: limit + 1 },
        deadline,
      );
      return pageOfRows(
        rows,
        limit,
        (row) => [row.window_from, row.id],
        ({ id: _id, ...row }) => ({
          ...row,
          ...numbersOf(row, counts),
          window_from: isoOf(row.window_from),
          window_to: isoOf(row.window_to),
          finished_at: isoOf(row.finished_at),
        }),
      );
    },
  );

  api.get(
    '/reconciliations/causes',
    {
      schema: {
        tags: ['findings'],
        summary: 'Why the breaks of a run break, what explains most first',
        querystring: Type.Object(Run, { additionalProperties: false }),
        response: answers({ 200: Type.Object({ items: Type.Array(Cause) }, { description: 'At most 200' }) }),
      },
    },
    async ({ query }) => {
      const rows = await store.rows<Record<'records' | 'customers' | 'began_at', string>>(
        'api-reconciliation-causes',
        { tenant, ...query },
        deadline,
      );
      return {
        items: rows.map((row) => ({
          ...row,
          records: Number(row.records),
          customers: Number(row.customers),
          began_at: isoOf(row.began_at),
        })),
      };
    },
  );

  api.get(
    '/reconciliations/breaks',
    {
      schema: {
        tags: ['findings'],
        summary: 'Breaks of a run, the largest amount first',
        querystring: Type.Object(
          {
            ...Run,
            class: Type.Optional(Type.String({ pattern: '^(mismatch|a_only|b_only)$', description: 'Only of this class' })),
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: pageOf(Break, 'A page of breaks') }),
      },
    },
    async ({ query }) => {
      const { control, comparison, run, limit } = query;
      const rows = await store.rows<BreakRow>(
        'api-reconciliation-breaks',
        { tenant, control, comparison, run, class: query.class ?? '', ...afterRankOf(query.cursor), limit: limit + 1 },
        deadline,
      );
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(({ id: _id, rank: _rank, ...row }) => ({
          ...row,
          ...numbersOf(row, units),
          start_a: isoOf(row.start_a),
          start_b: isoOf(row.start_b),
        })),
        next: rows.length > limit && last ? rankCursorOf(last.rank, last.id) : null,
      };
    },
  );

  const Side = Type.Union([Type.Object({}, open), Type.Null()], { description: 'The record as its leg states it; null = there is none' });
  api.get(
    '/reconciliations/pair',
    {
      schema: {
        tags: ['findings'],
        summary: 'The two records of a pair in full, as their legs state them',
        querystring: Type.Object(
          {
            record_a: uuid('Record of A; zeros = none'),
            record_b: uuid('Record of B; zeros = none'),
            leg_a: name('Leg of A'),
            leg_b: name('Leg of B'),
            from: instant('First instant of the reconciled window'),
            to: instant('First instant after it'),
          },
          { additionalProperties: false },
        ),
        response: answers({ 200: Type.Object({ a: Side, b: Side }, { description: 'The pair' }) }),
      },
    },
    async ({ query: { record_a, record_b, leg_a, leg_b, from, to } }) => {
      const params = {
        tenant,
        legs: [leg_a, leg_b],
        records: [record_a, record_b].filter((each) => each !== none),
        from: writeInstant(Date.parse(from)),
        to: writeInstant(Date.parse(to)),
      };
      const rows = await store.rows<{ record_id: string }>('api-usage-pair', params, deadline);
      const side = (id: string) => rows.find(({ record_id }) => record_id === id) ?? null;
      return { a: side(record_a), b: side(record_b) };
    },
  );
}
