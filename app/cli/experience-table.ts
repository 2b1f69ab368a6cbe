/** The experience index as text for the terminal. */
import { experienceKpis } from '../../detectors/service/experience/index.ts';
import type { CustomerDay, CustomerIndex, SegmentsReport } from '../experience/read.ts';
import { colour, grouped, table } from './print.ts';

const right = true;
const one = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : value.toFixed(1));
const days = (first: string, last: string): string => (first === last ? first : `${first} to ${last}`);

/** A value in the unit of its KPI. */
function valueText(name: string, value: number | null): string {
  const unit = experienceKpis.find((kpi) => kpi.name === name)?.unit ?? '';
  if (value === null) return '–';
  const text = Number(value.toPrecision(4)).toString();
  return unit === 'complaints' ? text : `${text} ${unit}`;
}

/** Segments, and what their index loses to which KPI. */
export function segmentsText({ first, last, segments, kpis, rater }: SegmentsReport, segment: string): string {
  if (segments.length === 0) return `Nobody was measured on ${days(first, last)}.`;
  const rows = segments.map((each) => [
    each.segment === '' ? 'all' : each.segment,
    each.customers,
    each.scored,
    each.too_few,
    one(each.cei),
    one(each.median),
    one(each.p10),
    each.below_40,
    each.floored,
    one(each.worst_hour),
  ]);
  const titles = ['CUSTOMERS', 'SCORED', 'TOO FEW', 'INDEX', 'MEDIAN', 'P10', 'BELOW 40', 'CAPPED', 'WORST HOUR'];
  const effects = kpis.map((kpi) => [
    kpi.kpi,
    kpi.title,
    kpi.rater,
    kpi.counted,
    one(kpi.score),
    valueText(kpi.kpi, kpi.value),
    kpi.lost.toFixed(2),
  ]);
  const lost = Object.entries(rater)
    .filter(([, points]) => points > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([tag, points]) => `${tag} ${points.toFixed(2)}`);
  return [
    `${colour('Customer experience', 'bold')}  ${days(first, last)}`,
    table([{ title: 'SEGMENT' }, ...titles.map((title) => ({ title, right }))], rows),
    `What costs points${segment === '' ? '' : ` in ${segment}`}, per customer and day:\n${table(
      [
        { title: 'KPI' },
        { title: 'WHAT' },
        { title: 'RATER' },
        ...['COUNTED', 'SCORE', 'VALUE', 'POINTS'].map((title) => ({ title, right })),
      ],
      effects,
    )}`,
    ...(lost.length === 0 ? [] : [`By dimension of service quality: ${lost.join(', ')}.`]),
  ].join('\n\n');
}

const hourText = (iso: string | null): string => (iso === null ? '–' : `${iso.slice(11, 16)} UTC`);

/** Customers with the lowest index. */
export function worstText(day: string, customers: readonly CustomerIndex[]): string {
  if (customers.length === 0) return `Nobody has an index on ${day}.`;
  return table(
    [
      { title: 'CUSTOMER', right },
      { title: 'SEGMENT' },
      { title: 'PLAN' },
      { title: 'INDEX', right },
      { title: 'WORST HOUR' },
      { title: 'INDEX', right },
      { title: 'CAPPED BY' },
      { title: 'COSTS MOST' },
      { title: 'SAMPLES', right },
    ],
    customers.map((each) => [
      each.customer,
      each.segment,
      each.plan,
      one(each.cei),
      hourText(each.worst_hour),
      one(each.worst_hour_cei),
      each.floor_kpi,
      each.weakest_kpi,
      each.samples,
    ]),
  );
}

/** Days of one customer, each explained to the single KPI. */
export function customerText(customer: string, of: readonly CustomerDay[]): string {
  if (of.length === 0) return `Nothing was measured of ${customer}.`;
  return of.map((day) => dayText(customer, day)).join('\n\n');
}

function dayText(customer: string, day: CustomerDay): string {
  const { model } = day;
  const head = `${colour(customer, 'bold')}  ${day.day}  ${[day.segment, day.plan].filter(Boolean).join(', ')}`.trimEnd();
  const said =
    day.cei === undefined
      ? 'No index: too few samples.'
      : [
          `Index ${one(day.cei)}: mean of the day ${one(day.mean)}`,
          ...(day.hourLost > 0
            ? [`${one(day.hourLost)} off for the worst hour, ${hourText(day.worstHour)} with ${one(day.worstHourCei)}`]
            : []),
          ...(day.floorKpi === '' ? [] : [`at most ${model.floor.cap} since ${day.floorKpi} is below ${model.floor.below}`]),
        ].join('; ');
  const rows = day.parts.map((part) => {
    const kpi = model.kpis.find(({ name }) => name === part.kpi);
    return [
      part.kpi,
      kpi?.title ?? '',
      valueText(part.kpi, part.value),
      part.samples,
      kpi ? `${kpi.bad} … ${kpi.good}` : '',
      part.score === undefined ? `fewer than ${kpi?.minimum ?? '?'}` : one(part.score),
      `${(100 * part.share).toFixed(1)} %`,
      one(part.points),
      one(part.lost),
    ];
  });
  const titles = ['VALUE', 'SAMPLES', 'BAD … GOOD', 'SCORE', 'SHARE', 'POINTS', 'LOST'];
  return [head, said, table([{ title: 'KPI' }, { title: 'WHAT' }, ...titles.map((title) => ({ title, right }))], rows)].join('\n');
}

/** What was judged. */
export function judgedText(
  days: readonly {
    readonly day: string;
    readonly state: string;
    readonly customers: number;
    readonly scored: number;
    readonly floored: number;
    readonly tookMs: number;
  }[],
): string {
  return days
    .map(
      ({ day, state, customers, scored, floored, tookMs }) =>
        `${day}: ${grouped(customers)} customers, ${grouped(scored)} with an index, ${grouped(floored)} capped${state === 'partial' ? ', records of the day may still come' : ''} (${(tookMs / 1000).toFixed(1)} s)`,
    )
    .join('\n');
}
