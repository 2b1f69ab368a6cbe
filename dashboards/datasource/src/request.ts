/** A query of a panel as the request to Weir: variables written in, only what belongs to its type. Pure, so that it is tested without Grafana. */
import type { QueryFilter, WeirQuery } from './types.ts';

/** Writes the variables of a text in. Several values of one variable come as several texts. */
export type Interpolate = (text: string) => string[];

/** Stands for "all" where a variable has it as its custom value: the filter is left out. */
export const all = '$__all';

export interface RequestFilter {
  key: string;
  operator: string;
  value?: string;
  values?: string[];
}

/** Fields of each type that are sent. */
const fieldsOf: Record<string, Array<keyof WeirQuery>> = {
  kpi: ['metric', 'dimensions', 'filters', 'band', 'compare', 'format', 'limit', 'stepSeconds'],
  incidents: ['view', 'states', 'severities', 'categories', 'teams', 'detectors', 'incident', 'limit'],
  reconciliation: ['view', 'controls', 'comparisons', 'classes', 'limit'],
  slo: ['view', 'objectives', 'limit'],
  accounting: ['view', 'sources'],
  sql: ['sql', 'format', 'units'],
  values: ['of', 'filters', 'limit'],
};

const lists: Array<keyof WeirQuery> = [
  'states',
  'categories',
  'teams',
  'detectors',
  'controls',
  'comparisons',
  'classes',
  'sources',
  'objectives',
  'dimensions',
];

/** All values with their variables written in; undefined when "all" is among them, or nothing. */
function valuesOf(texts: string[] | undefined, interpolate: Interpolate): string[] | undefined {
  const values = [...new Set((texts ?? []).flatMap(interpolate))].filter((value) => value !== '');
  return values.length === 0 || values.includes(all) ? undefined : values;
}

/** Filters with their variables written in, without those that keep everything. */
export function filtersOf(filters: QueryFilter[] | undefined, interpolate: Interpolate): RequestFilter[] {
  return (filters ?? []).flatMap(({ key, operator, values }) => {
    const written = valuesOf(values, interpolate);
    return key === '' || written === undefined ? [] : [{ key, operator, values: written }];
  });
}

/** The query as Weir takes it. @param interpolateSql writes the variables of SQL in, each in its own format */
export function requestOf(query: WeirQuery, interpolate: Interpolate, interpolateSql: (sql: string) => string): Record<string, unknown> {
  const result: Record<string, unknown> = { refId: query.refId, type: query.type };
  for (const field of fieldsOf[query.type] ?? []) {
    const value = query[field];
    if (value === undefined || value === null || value === '') continue;
    if (field === 'filters') result[field] = filtersOf(query.filters, interpolate);
    else if (field === 'sql') result[field] = interpolateSql(query.sql ?? '');
    else if (field === 'severities') {
      const severities = valuesOf(query.severities, interpolate)?.map(Number).filter(Number.isInteger);
      if (severities) result[field] = severities;
    } else if (lists.includes(field)) {
      const values = valuesOf(value as string[], interpolate);
      if (values) result[field] = values;
    } else if (typeof value === 'string') {
      const written = interpolate(value)[0] ?? '';
      if (written !== '' && written !== all) result[field] = written;
    } else result[field] = value;
  }
  return result;
}

/**
 * `$__conditionalAll(condition, $variable)`: the condition, or 1=1 where the variable is at "all". The only macro that Weir cannot expand, since only
 * Grafana knows the variable. Looks at the text as it was before variables are written in.
 */
export function conditionalAll(sql: string, isAll: (variable: string) => boolean): string {
  const name = '$__conditionalAll(';
  let at = sql.indexOf(name);
  let result = sql;
  while (at >= 0) {
    let depth = 1;
    let end = at + name.length;
    for (; end < result.length && depth > 0; end++) {
      if (result[end] === '(') depth++;
      else if (result[end] === ')') depth--;
    }
    const inner = result.slice(at + name.length, end - 1);
    const comma = inner.lastIndexOf(',');
    const condition = comma < 0 ? inner : inner.slice(0, comma).trim();
    const variable = comma < 0 ? '' : inner.slice(comma + 1).trim();
    const written = isAll(variable) ? '1=1' : condition;
    result = result.slice(0, at) + written + result.slice(end);
    at = result.indexOf(name, at + written.length);
  }
  return result;
}

/** A text query of a variable: `partner`, `values(partner)`, a list, or SQL. */
export function variableQueryOf(text: string): Pick<WeirQuery, 'type'> & Partial<WeirQuery> {
  const trimmed = text.trim();
  if (/^(select|with)\b/i.test(trimmed)) return { type: 'sql', sql: trimmed, format: 'table' };
  return { type: 'values', of: /^values\((.*)\)$/i.exec(trimmed)?.[1]?.trim() ?? trimmed };
}
