/** What came in and what became of it, as tables and series. */
import { writeInstant } from '../../../core/row.ts';
import type { Store } from '../../../sql/store.ts';
import type { SourceAccounting } from '../accounting.ts';
import { type Frame, frameOf } from './frame.ts';
import { type Stretch, stepOf } from './kpi.ts';
import { tableFrame } from './tables.ts';

export interface AccountingQuery {
  readonly view: 'sources' | 'flow' | 'rejects' | 'completeness';
  readonly sources: readonly string[];
}

interface Context {
  readonly store: Pick<Store, 'rows'>;
  readonly tenant: string;
  /** Shared by all who ask at about the same time. */
  readonly accounting: () => Promise<ReadonlyMap<string, SourceAccounting>>;
  readonly now: () => number;
}

const deadline = { timeoutMs: 20_000 };

interface Flow {
  readonly at: string;
  readonly source: string;
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  readonly dropped: number;
}

/** The frames of an accounting query. */
export async function accountingFrames(
  { store, tenant, accounting, now }: Context,
  query: AccountingQuery,
  stretch: Stretch,
): Promise<Frame[]> {
  const wanted = (source: string): boolean => query.sources.length === 0 || query.sources.includes(source);
  switch (query.view) {
    case 'sources': {
      const rows = [...(await accounting())]
        .filter(([source]) => wanted(source))
        .map(([source, figures]) => ({
          source,
          ...figures,
          missing: figures.read - figures.stored - figures.rejected - figures.dropped,
          rejected_share: figures.read === 0 ? null : figures.rejected / figures.read,
        }));
      return [
        tableFrame(rows, [
          ['source', 'string'],
          ...(['read', 'stored', 'rejected', 'dropped', 'in_flight', 'in_tables', 'missing'] as const).map(
            (name) => [name, 'number', 'short'] as const,
          ),
          ['rejected_share', 'number', 'percentunit', 'rejected %'],
          ['balanced', 'boolean'],
          ['proved', 'boolean'],
        ]),
      ];
    }
    case 'flow': {
      const step = stepOf(stretch);
      const rows = await store.rows<Flow>(
        'api-query-flow',
        { tenant, step, sources: query.sources, from: writeInstant(stretch.from), to: writeInstant(stretch.to) },
        deadline,
      );
      return flowFrames(rows, step);
    }
    case 'rejects': {
      const rows = await store.rows<{ readonly source: string; readonly last_at: string }>('api-reject-reasons', { tenant }, deadline);
      return [
        tableFrame(
          rows.filter(({ source }) => wanted(source)).map((row) => ({ ...row, last_at: Date.parse(`${row.last_at.replace(' ', 'T')}Z`) })),
          [
            ['source', 'string'],
            ['reason', 'string'],
            ['field', 'string'],
            ['rejects', 'number', 'short'],
            ['waiting', 'number', 'short', 'waiting for replay'],
            ['last_at', 'time', undefined, 'last'],
            ['example', 'string'],
          ],
        ),
      ];
    }
    default: {
      const rows = await store.rows<{ readonly source: string; readonly complete_to: string }>(
        'api-query-completeness',
        { tenant },
        deadline,
      );
      return [
        tableFrame(
          rows
            .filter(({ source }) => wanted(source))
            .map((row) => ({ ...row, lag_seconds: Math.max(0, (now() - Number(row.complete_to)) / 1000) })),
          [
            ['leg', 'string'],
            ['source', 'string'],
            ['complete_to', 'time', undefined, 'complete to'],
            ['lag_seconds', 'number', 's', 'behind'],
            ['updated_at', 'time', undefined, 'said'],
          ],
        ),
      ];
    }
  }
}

/** A frame for each source: records a second. */
function flowFrames(rows: readonly Flow[], step: number): Frame[] {
  const sources = [...new Set(rows.map(({ source }) => source))];
  const names = ['read', 'stored', 'rejected', 'dropped'] as const;
  if (sources.length === 0)
    return [
      frameOf([{ name: 'time', type: 'time', values: [] }, ...names.map((name) => ({ name, type: 'number' as const, values: [] }))], {
        type: 'timeseries-multi',
      }),
    ];
  return sources.map((source) => {
    const own = rows.filter((row) => row.source === source);
    return frameOf(
      [
        { name: 'time', type: 'time', values: own.map(({ at }) => Number(at)) },
        ...names.map((name) => ({
          name,
          type: 'number' as const,
          labels: { source },
          config: { unit: 'rowsps', displayNameFromDS: `${source} ${name}` },
          values: own.map((row) => Number(row[name]) / step),
        })),
      ],
      { type: 'timeseries-multi' },
    );
  });
}
