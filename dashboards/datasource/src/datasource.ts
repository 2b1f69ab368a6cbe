/** The datasource: asks Weir through Grafana's proxy, which adds the token. */
import {
  type AdHocVariableFilter,
  type CoreApp,
  type DataFrameJSON,
  type DataQueryError,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceGetTagKeysOptions,
  type DataSourceGetTagValuesOptions,
  type DataSourceInstanceSettings,
  dataFrameFromJSON,
  type LegacyMetricFindQueryOptions,
  type MetricFindValue,
  type ScopedVars,
  type TestDataSourceResponse,
} from '@grafana/data';
import { getBackendSrv, getTemplateSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import { type HealthFailure, healthOf } from './health.ts';
import { all, conditionalAll, type RequestFilter, requestOf, variableQueryOf } from './request.ts';
import { type About, defaultQuery, type WeirOptions, type WeirQuery } from './types.ts';
import { WeirVariables } from './variables.ts';

interface Result {
  frames: DataFrameJSON[];
  error?: { error: string; message: string; hint: string };
}

interface Body {
  from: number;
  to: number;
  intervalMs: number;
  filters: RequestFilter[];
  queries: Array<Record<string, unknown>>;
}

const day = 86_400_000;

export class WeirDataSource extends DataSourceApi<WeirQuery, WeirOptions> {
  private readonly url: string;
  private about: Promise<About> | undefined;

  constructor(settings: DataSourceInstanceSettings<WeirOptions>) {
    super(settings);
    this.url = `${settings.url}/weir`;
    // Incidents become annotations by their fields time, timeEnd, title, text, tags and id; the query editor is the editor.
    this.annotations = {};
    this.variables = new WeirVariables(this);
  }

  /** All queries of a panel in one request; each has its own frames or its own error. */
  override query(request: DataQueryRequest<WeirQuery>): Promise<DataQueryResponse> {
    return this.ask(request);
  }

  private async ask(request: DataQueryRequest<WeirQuery>): Promise<DataQueryResponse> {
    const queries = request.targets.filter((query) => !query.hide && this.filterQuery(query));
    if (queries.length === 0) return { data: [] };
    const body: Body = {
      from: request.range.from.valueOf(),
      to: request.range.to.valueOf(),
      intervalMs: Math.max(1, request.intervalMs || 60_000),
      filters: this.adhoc(request),
      queries: queries.map((query) => this.written(query, request.scopedVars)),
    };
    let results: Record<string, Result>;
    try {
      results = (await this.post<{ results: Record<string, Result> }>('/api/v1/query', body)).results;
    } catch (error) {
      const { message } = failureOf(error);
      return { data: [], errors: queries.map(({ refId }) => ({ refId, message })) };
    }
    const errors: DataQueryError[] = [];
    const data = queries.flatMap(({ refId }) => {
      const { frames = [], error } = results[refId] ?? {
        frames: [],
        error: { error: 'internal', message: 'Weir did not answer this query.', hint: '' },
      };
      if (error)
        errors.push({
          refId,
          message: `${error.message}${error.hint ? ` ${error.hint}` : ''}`,
          data: { error: error.error, message: error.message },
        });
      return frames.map((json) => {
        const frame = dataFrameFromJSON(json);
        frame.refId = refId;
        return frame;
      });
    });
    return errors.length > 0 ? { data, errors } : { data };
  }

  /** Filters that the user put on the board; Grafana hands them over with the request. */
  private adhoc(request: DataQueryRequest<WeirQuery>): RequestFilter[] {
    const filters = (request as { filters?: AdHocVariableFilter[] }).filters ?? [];
    return filters.map(({ key, operator, value, values }) => ({
      key,
      operator,
      ...(values && values.length > 0 ? { values } : { value }),
    }));
  }

  private written(query: WeirQuery, scopedVars: ScopedVars | undefined): Record<string, unknown> {
    return requestOf(
      query,
      (text) => this.valuesOf(text, scopedVars),
      (sql) =>
        getTemplateSrv().replace(
          conditionalAll(sql, (variable) => this.valuesOf(variable, scopedVars).includes(all)),
          scopedVars,
          quoted,
        ),
    );
  }

  /** The text with its variables written in, one text for each value. */
  private valuesOf(text: string, scopedVars: ScopedVars | undefined): string[] {
    const found: string[][] = [];
    const written = getTemplateSrv().replace(text, scopedVars, (value: unknown) => {
      found.push((Array.isArray(value) ? value : [value]).map(String));
      return Array.isArray(value) ? value.map(String).join(',') : String(value);
    });
    const only = found.length === 1 && /^\$\{?[\w:]+\}?$/.test(text.trim());
    return only ? found[0]! : [written];
  }

  override filterQuery(query: WeirQuery): boolean {
    return query.type !== 'sql' || (query.sql ?? '').trim() !== '';
  }

  override getDefaultQuery(_app: CoreApp): Partial<WeirQuery> {
    return defaultQuery;
  }

  override getQueryDisplayText(query: WeirQuery): string {
    if (query.type === 'kpi') return [query.metric, ...(query.dimensions ?? [])].join(' by ');
    if (query.type === 'sql') return query.sql ?? '';
    return [query.type, query.view ?? query.of].filter(Boolean).join(' ');
  }

  override interpolateVariablesInQueries(queries: WeirQuery[], scopedVars: ScopedVars): WeirQuery[] {
    return queries.map((query) => ({ ...query, ...(this.written(query, scopedVars) as Partial<WeirQuery>), datasource: this.getRef() }));
  }

  /** Values of a variable given as text: a dimension, a list of Weir, or SQL with one column (value) or two (value, text). */
  override async metricFindQuery(query: string | WeirQuery, options?: LegacyMetricFindQueryOptions): Promise<MetricFindValue[]> {
    const stated = typeof query === 'string' ? (variableQueryOf(query) as WeirQuery) : query;
    const to = options?.range?.to.valueOf() ?? Date.now();
    const from = options?.range?.from.valueOf() ?? to - 7 * day;
    const body: Body = {
      from,
      to,
      intervalMs: 60_000,
      filters: [],
      queries: [this.written({ ...stated, refId: 'A' }, options?.scopedVars)],
    };
    const { results } = await this.post<{ results: Record<string, Result> }>('/api/v1/query', body);
    const result = results['A'];
    if (result?.error) throw new Error(result.error.message);
    return result?.frames[0] ? findValues(result.frames[0]) : [];
  }

  override async getTagKeys(_options?: DataSourceGetTagKeysOptions<WeirQuery>): Promise<MetricFindValue[]> {
    return (await this.describe()).dimensions.map((text) => ({ text, value: text }));
  }

  override async getTagValues({ key, timeRange, filters }: DataSourceGetTagValuesOptions<WeirQuery>): Promise<MetricFindValue[]> {
    const to = timeRange?.to.valueOf() ?? Date.now();
    const body: Body = {
      from: timeRange?.from.valueOf() ?? to - 7 * day,
      to,
      intervalMs: 60_000,
      filters: filters
        .filter((filter) => filter.key !== key)
        .map(({ key: of, operator, value, values }) => ({ key: of, operator, ...(values?.length ? { values } : { value }) })),
      queries: [{ refId: 'A', type: 'values', of: key }],
    };
    const { results } = await this.post<{ results: Record<string, Result> }>('/api/v1/query', body);
    return results['A']?.frames[0] ? findValues(results['A'].frames[0]) : [];
  }

  /** What can be asked; fetched once, and again after a failure. */
  describe(): Promise<About> {
    this.about ??= this.get<About>('/api/v1/query');
    this.about.catch(() => {
      this.about = undefined;
    });
    return this.about;
  }

  /** "Save & test": says which of address, token and version is wrong. */
  override async testDatasource(): Promise<TestDataSourceResponse> {
    try {
      const about = await this.get<unknown>('/api/v1/query');
      return healthOf(about);
    } catch (error) {
      return healthOf(undefined, failureOf(error));
    }
  }

  private async get<T>(path: string): Promise<T> {
    return (await lastValueFrom(getBackendSrv().fetch<T>({ url: this.url + path, method: 'GET', showErrorAlert: false }))).data;
  }

  private async post<T>(path: string, data: object): Promise<T> {
    return (await lastValueFrom(getBackendSrv().fetch<T>({ url: this.url + path, method: 'POST', data, showErrorAlert: false }))).data;
  }
}

/** How a variable stands in SQL where it names no format: a text in quotes stays as the user wrote it, several become a list. */
function quoted(value: unknown): string {
  const text = (one: unknown): string => String(one).replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return Array.isArray(value) ? value.map((one) => `'${text(one)}'`).join(',') : text(value);
}

/** One column: value. The names text and value, or two columns: value and text. */
function findValues(json: DataFrameJSON): MetricFindValue[] {
  const fields = json.schema?.fields ?? [];
  const values = (json.data?.values ?? []) as unknown[][];
  const column = (name: string): unknown[] | undefined => values[fields.findIndex((field) => field.name === name)];
  const value = column('value') ?? values[0] ?? [];
  const text = column('text') ?? values[1] ?? value;
  return value.map((each, index) => ({ value: String(each), text: String(text[index] ?? each) }));
}

/** What went wrong, out of what Grafana's fetch throws. */
function failureOf(error: unknown): HealthFailure {
  const {
    status = 0,
    data,
    statusText = '',
    message = '',
  } = (error ?? {}) as {
    status?: number;
    data?: { error?: string; message?: string; hint?: string };
    statusText?: string;
    message?: string;
  };
  const said = [data?.message, data?.hint].filter(Boolean).join(' ');
  return { status, code: data?.error ?? '', message: said || message || statusText || 'Weir does not answer.' };
}
