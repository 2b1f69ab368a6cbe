/** What the query editor edits and what Weir is asked. */
import type { DataQuery, DataSourceJsonData } from '@grafana/data';

export type QueryType = 'kpi' | 'incidents' | 'reconciliation' | 'slo' | 'accounting' | 'sql' | 'values';

/** A filter of a KPI: a dimension and its values, which may be variables. */
export interface QueryFilter {
  key: string;
  operator: string;
  values: string[];
}

/** One query of a panel, an annotation or a variable. What belongs to other types is kept while the editor is switched, and not sent. */
export interface WeirQuery extends DataQuery {
  type: QueryType;
  /** incidents, reconciliation, slo, accounting */
  view?: string;
  /** kpi */
  metric?: string;
  dimensions?: string[];
  filters?: QueryFilter[];
  band?: boolean;
  compare?: boolean;
  /** kpi: series or total; sql: table or series */
  format?: 'series' | 'total' | 'table';
  limit?: number;
  stepSeconds?: number;
  /** incidents; values may be variables */
  states?: string[];
  severities?: string[];
  categories?: string[];
  teams?: string[];
  detectors?: string[];
  incident?: string;
  /** reconciliation */
  controls?: string[];
  comparisons?: string[];
  classes?: string[];
  /** accounting */
  sources?: string[];
  /** slo */
  objectives?: string[];
  sql?: string;
  /** Units of columns, in words of Weir: `currency` is that of the tenant; `*` is every number. */
  units?: Record<string, string>;
  /** values */
  of?: string;
}

export interface WeirOptions extends DataSourceJsonData {
  /** Where Weir answers, e.g. http://weir:8080 */
  apiUrl?: string;
}

export interface WeirSecrets {
  apiToken?: string;
}

/** What `GET /api/v1/query` says. */
export interface About {
  version: string;
  tenant: string;
  currency: string;
  metrics: Array<{ name: string; title: string; unit: string; description: string }>;
  dimensions: string[];
  lists: string[];
  macros: string[];
}

/** What a new query is: usage of the whole operator with its band. */
export const defaultQuery: Partial<WeirQuery> = {
  type: 'kpi',
  metric: 'usage_records',
  dimensions: [],
  filters: [],
  band: true,
  format: 'series',
};
