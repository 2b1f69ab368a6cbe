/** Values for the variables and filters of a board. */
import { WeirError } from '../../../core/errors.ts';
import { writeInstant } from '../../../core/row.ts';
import { seriesDefinitions } from '../../../detectors/series/index.ts';
import { kpis } from '../../../detectors/service/kpis/index.ts';
import type { Store } from '../../../sql/store.ts';
import { type Frame, frameOf } from './frame.ts';
import { filterParams, kpiMetrics, titleOf, usageDimensions } from './kpi.ts';
import type { AdhocFilter } from './macros.ts';

export interface ValuesQuery {
  /** A dimension of usage, or one of `lists`. */
  readonly of: string;
  readonly filters: readonly AdhocFilter[];
  readonly limit: number;
}

interface Context {
  readonly store: Pick<Store, 'rows'>;
  readonly tenant: string;
  readonly detectors: Parameters<typeof seriesDefinitions>[0];
}

/** What has values besides the dimensions. */
export const lists: readonly string[] = [
  'metrics',
  'dimensions',
  'detectors',
  'incidents',
  'sources',
  'comparisons',
  'controls',
  'objectives',
];

const deadline = { timeoutMs: 20_000 };

/** A frame of `text` and `value`. A dimension is looked for in at least seven days, so that a short range does not empty a list. */
export async function valuesFrames(
  { store, tenant, detectors }: Context,
  { of, filters, limit }: ValuesQuery,
  from: number,
  to: number,
): Promise<Frame[]> {
  const pairs = async (): Promise<readonly (readonly [text: string, value: string])[]> => {
    switch (of) {
      case 'metrics':
        return [
          ...kpiMetrics.map((metric) => [titleOf(metric), metric.name] as const),
          ...kpis.map(({ title, name }) => [title, name] as const),
        ];
      case 'dimensions':
        return usageDimensions.map((name) => [name, name]);
      case 'detectors':
        return seriesDefinitions(detectors).definitions.map(({ identity, title }) => [`${identity}: ${title}`, identity]);
      case 'incidents':
        return (await store.rows<{ text: string; value: string }>('api-query-incident-names', { tenant, limit }, deadline)).map(
          ({ text, value }) => [text, value],
        );
      case 'sources':
      case 'comparisons':
      case 'controls':
      case 'objectives':
        return (await store.rows<{ value: string }>(`api-query-${of}`, { tenant }, deadline)).map(({ value }) => [value, value]);
      default: {
        if (!usageDimensions.includes(of))
          throw new WeirError('usage', `There are no values of ${of}.`, { hint: `One of ${[...lists, ...usageDimensions].join(', ')}.` });
        const params = {
          ...filterParams(filters),
          tenant,
          dimension: of,
          limit,
          from: writeInstant(Math.min(from, to - 7 * 86_400_000)),
          to: writeInstant(to),
        };
        return (await store.rows<{ value: string }>('api-query-values', params, deadline)).map(({ value }) => [value, value]);
      }
    }
  };
  const found = await pairs();
  return [
    frameOf(
      [
        { name: 'text', type: 'string', values: found.map(([text]) => text) },
        { name: 'value', type: 'string', values: found.map(([, value]) => value) },
      ],
      { type: 'table' },
    ),
  ];
}
