/** Several queries at once, each with an answer or an error of its own: one that fails does not hide the others. */
import type { ErrorCode } from '../../../core/errors.ts';
import type { Settings } from '../../../core/settings/index.ts';
import type { Analyst } from '../../../sql/analyst.ts';
import type { Store } from '../../../sql/store.ts';
import type { SourceAccounting } from '../accounting.ts';
import { answerOf } from '../answer.ts';
import { shared, sharedRows } from '../cache.ts';
import { type AccountingQuery, accountingFrames } from './accounting.ts';
import type { Frame } from './frame.ts';
import { type IncidentQuery, type IncidentView, incidentFrames } from './incidents.ts';
import { kpiFrames, readComplete } from './kpi.ts';
import type { AdhocFilter } from './macros.ts';
import { type ReconciliationQuery, reconciliationFrames } from './reconciliation.ts';
import { sloFrames } from './slo.ts';
import { slots } from './slots.ts';
import { sqlFrames } from './sql.ts';
import { valuesFrames } from './values.ts';

/** A filter as it comes in: one value, or several. */
export interface StatedFilter {
  readonly key: string;
  readonly operator: string;
  readonly value?: string | undefined;
  readonly values?: readonly string[] | undefined;
}

/** A query as it comes in, checked by its schema; what belongs to other types is left alone. */
export interface StatedQuery {
  readonly refId: string;
  readonly type: 'kpi' | 'incidents' | 'reconciliation' | 'slo' | 'accounting' | 'sql' | 'values';
  readonly view?: string | undefined;
  readonly metric?: string | undefined;
  readonly dimensions?: readonly string[] | undefined;
  readonly filters?: readonly StatedFilter[] | undefined;
  readonly band?: boolean | undefined;
  readonly compare?: boolean | undefined;
  readonly format?: string | undefined;
  readonly limit?: number | undefined;
  readonly stepSeconds?: number | undefined;
  readonly states?: readonly string[] | undefined;
  readonly severities?: readonly number[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly detectors?: readonly string[] | undefined;
  readonly incident?: string | undefined;
  readonly controls?: readonly string[] | undefined;
  readonly comparisons?: readonly string[] | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly objectives?: readonly string[] | undefined;
  readonly sql?: string | undefined;
  readonly units?: Readonly<Record<string, string>> | undefined;
  readonly of?: string | undefined;
}

export interface StatedRequest {
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number;
  readonly filters: readonly StatedFilter[];
  readonly queries: readonly StatedQuery[];
}

export interface QueryResult {
  readonly frames: readonly Frame[];
  readonly error?: { readonly error: ErrorCode; readonly message: string; readonly hint: string };
}

export interface QueryContext {
  readonly store: Pick<Store, 'rows' | 'select'>;
  readonly analyst: Pick<Analyst, 'stream'>;
  readonly settings: Settings;
  readonly accounting: () => Promise<ReadonlyMap<string, SourceAccounting>>;
  readonly now: () => number;
  readonly onUnexpected: (error: unknown) => void;
}

/** Questions to ClickHouse at once; boards wait for each other. */
const atOnce = 6;
const waiting = 200;
/** For how long the panels of a board share what they all ask: how far legs are complete, the rows behind KPIs of the catalogue; ms. */
const sharedMs = 2000;

const filterOf = ({ key, operator, value, values }: StatedFilter): AdhocFilter => ({
  key,
  operator,
  values: values && values.length > 0 ? values : [value ?? ''],
});

/** Answers queries. */
export function queryRunner(context: QueryContext): (request: StatedRequest) => Promise<Readonly<Record<string, QueryResult>>> {
  const run = slots(atOnce, waiting);
  const { store, settings } = context;
  const { tenant, currency } = settings;
  let zone: Promise<string> | undefined;
  /** Time zone of the server: of times that state none. */
  const serverZone = (): Promise<string> => {
    zone ??= store.rows<{ zone: string }>('api-query-zone').then(([row]) => row?.zone ?? 'UTC');
    zone.catch(() => {
      zone = undefined;
    });
    return zone;
  };
  const complete = shared({ now: context.now }, sharedMs, () => readComplete(store, tenant));
  const catalogue = sharedRows(store, { now: context.now }, sharedMs);
  const publicUrl = settings.http.publicUrl.replace(/\/+$/, '');

  async function framesOf(query: StatedQuery, request: StatedRequest): Promise<readonly Frame[]> {
    const { from, to, intervalMs } = request;
    const adhoc = request.filters.map(filterOf);
    const filters = [...adhoc, ...(query.filters ?? []).map(filterOf)];
    const limit = query.limit ?? 0;
    switch (query.type) {
      case 'kpi':
        return kpiFrames(
          { store, catalogue, tenant, currency, complete },
          {
            metric: query.metric ?? 'usage_records',
            dimensions: query.dimensions ?? [],
            filters,
            band: query.band ?? false,
            compare: query.compare ?? false,
            format: query.format === 'total' ? 'total' : 'series',
            limit: Math.min(limit || 12, query.band ? 20 : 200),
            stepSeconds: query.stepSeconds ?? 0,
          },
          { from, to, intervalMs },
        );
      case 'incidents': {
        const { states = [], severities = [], categories = [], teams = [], detectors = [], incident = '' } = query;
        const view = (query.view ?? 'list') as IncidentView;
        return incidentFrames(
          { store, tenant, currency, publicUrl },
          { view, states, severities, categories, teams, detectors, incident, limit: limit || 200 } satisfies IncidentQuery,
          { from, to },
        );
      }
      case 'reconciliation': {
        const { controls = [], comparisons = [], classes = [] } = query;
        const view = (query.view ?? 'runs') as ReconciliationQuery['view'];
        return reconciliationFrames({ store, tenant, currency }, { view, controls, comparisons, classes, limit: limit || 200 }, from, to);
      }
      case 'slo': {
        const view = query.view === 'history' ? 'history' : 'objectives';
        return sloFrames(store, tenant, { view, objectives: query.objectives ?? [], limit: limit || 200 }, { from, to, intervalMs });
      }
      case 'accounting': {
        const view = (query.view ?? 'sources') as AccountingQuery['view'];
        return accountingFrames({ ...context, tenant }, { view, sources: query.sources ?? [] }, { from, to, intervalMs });
      }
      case 'values':
        return valuesFrames(
          { store, tenant, detectors: settings.detectors },
          { of: query.of ?? '', filters, limit: limit || 1000 },
          from,
          to,
        );
      default:
        return sqlFrames(
          context.analyst,
          { sql: query.sql ?? '', format: query.format === 'series' ? 'series' : 'table', units: query.units ?? {}, currency },
          { from, to, intervalMs, filters },
          serverZone,
        );
    }
  }

  return async (request) => {
    const results = await Promise.all(
      request.queries.map(async (query): Promise<readonly [string, QueryResult]> => {
        try {
          return [query.refId, { frames: await run(() => framesOf(query, request)) }];
        } catch (error) {
          const { body, unexpected } = answerOf(error);
          if (unexpected) context.onUnexpected(error);
          return [query.refId, { frames: [], error: body }];
        }
      }),
    );
    return Object.fromEntries(results);
  };
}
