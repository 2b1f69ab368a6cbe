/** Reports: the KPIs of the revenue-assurance programme. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { revenueReport } from '../../report/revenue.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { answers } from '../schemas.ts';

const dayMs = 86_400_000;
/** Longest stretch of one report. */
const mostDays = 400;

const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Number({ description });
const share = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

const kpis = {
  cases: count('Revenue cases: incidents of category revenue detected in the time'),
  open: count('Of them, neither resolved nor closed'),
  confirmed: count('Of them, confirmed by a person, or something was recovered'),
  refuted: count('Of them, false alarms'),
  leakage: text('Lost, as found, false alarms left out; decimal'),
  over_charge: text('Owed back; decimal'),
  risk: text('At risk; decimal'),
  recovered: text('Recovered; decimal'),
  recoverable: text('Leakage not recovered that may still be billed; decimal'),
  expired: text('Leakage not recovered that may be billed no more; decimal'),
  days_per_case: share('From detection to the last recovery, mean of the cases of which anything was recovered'),
  precision: share('confirmed / (confirmed + refuted)'),
  coverage: share('Share of revenue under a control that could judge, 0 to 1'),
};

const Report = Type.Object(
  {
    from: text('First instant; ISO 8601, UTC'),
    to: text('First instant after it'),
    currency: text('Currency of all amounts, ISO 4217'),
    revenue: text('Charges of usage in the time; decimal'),
    ...kpis,
    recovered_share: share('Of revenue'),
    recoverable_share: share('Of revenue'),
    recovered_and_recoverable_share: share('Of revenue'),
    controls: Type.Array(Type.Object({ control: text('Control or detector'), title: text('Its title'), ...kpis })),
  },
  { additionalProperties: true, description: 'KPIs of the programme' },
);

const instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

export function reportRoutes(api: Api, { store, clock, settings }: ApiContext): void {
  api.get(
    '/reports/revenue',
    {
      schema: {
        tags: ['findings'],
        summary: 'KPIs of the revenue-assurance programme',
        querystring: Type.Object(
          { from: instant('First instant; default: 30 days before to'), to: instant('First instant after it; default: now') },
          { additionalProperties: false },
        ),
        response: answers({ 200: Report }),
      },
    },
    async ({ query }) => {
      const now = clock.now();
      const to = query.to === undefined ? now : Date.parse(query.to);
      const from = query.from === undefined ? to - 30 * dayMs : Date.parse(query.from);
      if (to <= from) throw new WeirError('usage', 'to must be after from.');
      if (to - from > mostDays * dayMs) throw new WeirError('usage', `A report spans at most ${mostDays} days.`);
      return revenueReport(store, settings, from, to, now);
    },
  );
}
