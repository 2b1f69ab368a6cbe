/** Detectors over series and their series as they stand, with what each would not see. */
import Type from 'typebox';
import { WeirError } from '../../../core/errors.ts';
import { findingKey } from '../../../core/key.ts';
import { writeInstant } from '../../../core/row.ts';
import { type SeriesDefinition, seriesDefinitions } from '../../../detectors/series/index.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../fastify.ts';
import { isoOf } from '../page.ts';
import { answers, DetectorSummary, paging, Series, SeriesColumns, SeriesDetail } from '../schemas.ts';

const dayMs = 86_400_000;
/** What was not written for this long is no series any more. */
const knownMs = 40 * dayMs;
/** Most points of a series in one answer: a week of quarters of an hour. */
const mostPoints = 672;
/** Most points as columns: a month of minutes. */
const mostDrawn = 31 * 1440;
const deadline = { timeoutMs: 20_000 };

const name = Type.String({ maxLength: 64, pattern: '^[a-z0-9][a-z0-9_-]{0,62}$', description: 'Only of this detector' });
const yesNo = (description: string) => Type.Optional(Type.Boolean({ description }));

type Instants = { readonly first_seen: string; readonly judged_to: string; readonly updated_at: string };
type SeriesRow = Instants & Readonly<Record<string, unknown>> & { readonly series_key: string; readonly rank?: string | number };

type DetectedRow = SeriesRow & { readonly detector: string };

interface DetectorRow {
  readonly detector: string;
  readonly series: string;
  readonly open: string;
  readonly learning: string;
  readonly blind: string;
  readonly median_visible_drop: number | null;
  readonly judged_to: string;
  readonly written_at: string;
}

/** Where a page of series ended: its rank and key. */
interface AfterRank {
  readonly after_rank: string;
  readonly after_key: string;
}

/** Above every rank. */
const start: AfterRank = { after_rank: '9223372036854775807', after_key: '' };

/**
 * The cursor behind a series of a page.
 * @example rankCursorOf('4200000', 'ab') // 'NDIwMDAwMHxhYg'
 */
export function rankCursorOf(rank: string | number, key: string): string {
  return Buffer.from(`${rank}|${key}`).toString('base64url');
}

/**
 * What a cursor says.
 * @throws WeirError usage when it is not one of ours
 * @example afterRankOf('NDIwMDAwMHxhYg') // { after_rank: '4200000', after_key: 'ab' }
 */
export function afterRankOf(cursor: string | undefined): AfterRank {
  if (cursor === undefined) return start;
  const found = /^(-?\d{1,19})\|([0-9a-f]{1,64})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!found) throw new WeirError('usage', 'The cursor is not one of this list.', { hint: 'Give `next` of the page before, or none.' });
  return { after_rank: found[1]!, after_key: found[2]! };
}

/** The key of the series of a detector with these labels; `direction`, which the scope of a finding has besides, does not belong to it. */
function keyOfScope(tenant: string, detectors: readonly SeriesDefinition[], detector: string | undefined, scope: string): string {
  const wrong = new WeirError('usage', 'scope is not a map of dimension to value.', { hint: 'E.g. {"leg":"switch","service":"voice"}.' });
  let labels: unknown;
  try {
    labels = JSON.parse(scope);
  } catch {
    throw wrong;
  }
  if (typeof labels !== 'object' || labels === null || Object.values(labels).some((value) => typeof value !== 'string')) throw wrong;
  const definition = detectors.find(({ identity }) => identity === detector);
  if (!definition) throw new WeirError('usage', 'scope needs the detector beside it.', { hint: 'GET /api/v1/detectors lists them.' });
  const { direction: _direction, ...own } = labels as Record<string, string>;
  return findingKey(tenant, definition.identity, definition.metric.name, own);
}

const seriesOf = ({ rank: _rank, ...row }: SeriesRow): object => ({
  ...row,
  open: Boolean(row['open']),
  first_seen: isoOf(row.first_seen),
  judged_to: isoOf(row.judged_to),
  updated_at: isoOf(row.updated_at),
});

function detectorOf(definition: SeriesDefinition, row: DetectorRow | undefined): object {
  const { identity, title, kind, metric, dimensions, statistic, direction, bucketMs, effect, budget, historyDays } = definition;
  return {
    detector: identity,
    title,
    kind,
    metric: metric.name,
    unit: metric.unit,
    dimensions,
    statistic,
    direction,
    bucket_seconds: bucketMs / 1000,
    history_days: historyDays,
    effect,
    budget: { per_day: budget.perDay, per_1000_series_days: budget.per1000SeriesDays },
    series: Number(row?.series ?? 0),
    open: Number(row?.open ?? 0),
    learning: Number(row?.learning ?? 0),
    blind: Number(row?.blind ?? 0),
    median_visible_drop: row?.median_visible_drop ?? null,
    judged_to: row ? isoOf(row.judged_to) : null,
    written_at: row ? isoOf(row.written_at) : null,
  };
}

const seriesKey = Type.Object({ key: Type.String({ pattern: '^[0-9a-f]{32}$', description: 'series_key' }) });
const sinceOf = (row: SeriesRow, days: number): string => writeInstant(Date.parse(isoOf(row.judged_to) ?? '') - days * dayMs);

export function seriesRoutes(api: Api, { store, clock, settings }: ApiContext): void {
  const { tenant } = settings;
  const detectors = seriesDefinitions(settings.detectors).definitions;

  async function oneSeries(key: string): Promise<DetectedRow> {
    const [row] = await store.rows<DetectedRow>('api-series-one', { tenant, series_key: key }, deadline);
    if (!row) throw new WeirError('not_found', 'There is no such series.', { hint: 'List them with GET /api/v1/series.' });
    return row;
  }

  api.get(
    '/detectors',
    {
      schema: {
        tags: ['series'],
        summary: 'Detectors over series: what they watch, how many series, and how blind they are',
        response: answers({ 200: Type.Object({ items: Type.Array(DetectorSummary) }, { description: 'All that are switched on' }) }),
      },
    },
    async () => {
      const since = writeInstant(clock.now() - knownMs);
      const rows = await store.rows<DetectorRow>('api-series-detectors', { tenant, since }, deadline);
      const stands = new Map(rows.map((row) => [row.detector, row]));
      return { items: detectors.map((definition) => detectorOf(definition, stands.get(definition.identity))) };
    },
  );

  api.get(
    '/series',
    {
      schema: {
        tags: ['series'],
        summary: 'Series as they stand: open ones first and what deviates most, or the blindest, or the largest first',
        querystring: Type.Object(
          {
            detector: Type.Optional(name),
            open: yesNo('Only with (true) or without (false) a finding against them'),
            blind: yesNo('Only those of which not even a full stop would be seen within an hour (true), or the others (false)'),
            scope: Type.Optional(
              Type.String({ maxLength: 2000, description: 'The one series of `detector` with these labels: JSON, dimension to value' }),
            ),
            sort: Type.Union([Type.Literal('score'), Type.Literal('drop'), Type.Literal('volume')], {
              default: 'score',
              description:
                'score: open ones, then what deviates most. drop: blind ones, then the largest unseen drop. volume: the largest.',
            }),
            ...paging,
          },
          { additionalProperties: false },
        ),
        response: answers({
          200: Type.Object(
            { items: Type.Array(Series), next: Type.Union([Type.String({ description: 'Cursor of the next page' }), Type.Null()]) },
            { description: 'A page of series' },
          ),
        }),
      },
    },
    async ({ query }) => {
      const { detector, open, blind, scope, sort, limit } = query;
      const flag = (wanted: boolean | undefined): number => (wanted === undefined ? -1 : Number(wanted));
      const rows = await store.rows<SeriesRow>(
        'api-series',
        {
          tenant,
          detector: detector ?? '',
          series_key: scope === undefined ? '' : keyOfScope(tenant, detectors, detector, scope),
          open: flag(open),
          blind: flag(blind),
          since: writeInstant(clock.now() - knownMs),
          sort,
          ...afterRankOf(query.cursor),
          limit: limit + 1,
        },
        deadline,
      );
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(seriesOf),
        next: rows.length > limit && last ? rankCursorOf(last.rank ?? 0, last.series_key) : null,
      };
    },
  );

  api.get(
    '/series/:key',
    {
      schema: {
        tags: ['series'],
        summary: 'One series with its stored scores: of buckets that were marked or open, and all where it is pinned',
        params: seriesKey,
        querystring: Type.Object(
          { days: Type.Integer({ minimum: 1, maximum: 7, default: 2, description: 'Days of scores before its last bucket' }) },
          { additionalProperties: false },
        ),
        response: answers({ 200: SeriesDetail }),
      },
    },
    async ({ params, query }) => {
      const row = await oneSeries(params.key);
      const since = sinceOf(row, query.days);
      const points = await store.rows<{ readonly event_time: string }>(
        'api-series-scores',
        { tenant, detector: row.detector, series_key: params.key, since, limit: mostPoints },
        deadline,
      );
      return { series: seriesOf(row), scores: points.map((point) => ({ ...point, event_time: isoOf(point.event_time) })) };
    },
  );

  api.get(
    '/series/:key/columns',
    {
      schema: {
        tags: ['series'],
        summary: 'One series with its stored scores as columns, to be drawn: up to a month of minutes in one answer',
        params: seriesKey,
        querystring: Type.Object(
          { days: Type.Integer({ minimum: 1, maximum: 31, default: 2, description: 'Days of scores before its last bucket' }) },
          { additionalProperties: false },
        ),
        response: answers({ 200: SeriesColumns }),
      },
    },
    async ({ params, query }) => {
      const row = await oneSeries(params.key);
      const [columns] = await store.rows<object>(
        'api-series-columns',
        { tenant, detector: row.detector, series_key: params.key, since: sinceOf(row, query.days), limit: mostDrawn },
        deadline,
      );
      return { series: seriesOf(row), ...columns };
    },
  );
}
