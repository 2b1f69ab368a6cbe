/** Queries of panels: what the plugin of `dashboards/datasource` asks. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';

/** The datasource of every panel: the one that the board's variable names. */
export const datasource = { type: 'weir-assurance-datasource', uid: '${ds}' } as const;

/** A query of a panel, with everything but its refId. */
export interface Query extends Readonly<Record<string, unknown>> {
  readonly type: 'kpi' | 'incidents' | 'reconciliation' | 'slo' | 'accounting' | 'sql' | 'values';
}

export interface Filter {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/**
 * A filter of a KPI; a value may be a variable.
 * @example where('service', 'voice') // { key: 'service', operator: '=|', values: ['voice'] }
 */
export const where = (key: string, ...values: string[]): Filter => ({ key, operator: '=|', values });

export interface KpiOptions {
  readonly by?: readonly string[];
  readonly where?: readonly Filter[];
  readonly band?: boolean;
  readonly compare?: boolean;
  readonly limit?: number;
  readonly stepSeconds?: number;
}

/** A KPI over time. */
export const kpi = (metric: string, { by = [], where: filters = [], ...rest }: KpiOptions = {}): Query => ({
  type: 'kpi',
  metric,
  dimensions: by,
  filters,
  format: 'series',
  ...rest,
});

/** A KPI as one figure for the whole range. */
export const total = (metric: string, options: KpiOptions = {}): Query => ({ ...kpi(metric, options), format: 'total' });

/** SQL as a table, or as series where it has a column `time` and the format says so. */
export const sql = (text: string, format: 'table' | 'series' = 'table'): Query => ({ type: 'sql', format, sql: text.trim() });

/** A map of labels as a person reads it. @example labels('scope') // as `leg=switch, service=voice` */
export const labels = (column: string): string =>
  `arrayStringConcat(arrayMap((name, value) -> concat(name, '=', value), mapKeys(${column}), mapValues(${column})), ', ')`;

/** The query with units of its columns that Weir knows, so that amounts have the currency of the tenant; `*` is every number. */
export const withUnits = (query: Query, units: Readonly<Record<string, string>>): Query =>
  query.type === 'sql' && Object.keys(units).length > 0 ? { ...query, units } : query;

export const incidents = (view: string, rest: Readonly<Record<string, unknown>> = {}): Query => ({ type: 'incidents', view, ...rest });
export const reconciliation = (view: string, rest: Readonly<Record<string, unknown>> = {}): Query => ({
  type: 'reconciliation',
  view,
  ...rest,
});
export const slo = (view: string, rest: Readonly<Record<string, unknown>> = {}): Query => ({ type: 'slo', view, ...rest });
export const accounting = (view: string, rest: Readonly<Record<string, unknown>> = {}): Query => ({ type: 'accounting', view, ...rest });

/** The query as the SDK takes it. @param index of the query in its panel: A, B, … */
export function target(query: Query, index = 0): Builder<Dataquery> {
  const built = { refId: String.fromCharCode(65 + index), datasource, ...query };
  return { build: () => built as unknown as Dataquery };
}
