/** Weir itself: did everything arrive, once, and how far is it. */
import { type Board, to, variable } from './kit/board.ts';
import { bars, colours, series, stat, table } from './kit/panel.ts';
import { accounting, sql } from './kit/query.ts';

const sources = { sources: ['$source'] };

export const pipelineHealth: Board = {
  uid: 'weir-pipeline',
  title: 'Weir: pipeline health and accounting',
  description: 'read = stored + rejected + dropped, proved against the tables; rejects, files, lags and deliveries.',
  variables: [variable('source', 'sources', 'Source')],
  annotations: null,
  rows: [
    {
      height: 4,
      panels: [
        [
          6,
          stat({
            title: 'Records without account',
            description:
              'Sum over sources of read - stored - rejected - dropped. Zero, always: anything else is a bug or a batch in flight.',
            unit: 'short',
            queries: [accounting('sources', sources)],
            field: 'missing',
            reduce: 'sum',
            thresholds: [colours.bad, [0, colours.well], [1, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Rejected share',
            description: 'Largest share of rejected records of a source. Rejects keep their bytes and can be replayed after the fix.',
            unit: 'percentunit',
            decimals: 2,
            queries: [accounting('sources', sources)],
            field: 'rejected %',
            reduce: 'max',
            thresholds: [colours.well, [0.005, colours.warning], [0.05, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Slowest source',
            description: 'How far the slowest source is behind in event time. Controls wait for it.',
            unit: 's',
            decimals: 0,
            queries: [accounting('completeness', sources)],
            field: 'behind',
            reduce: 'max',
            thresholds: [colours.well, [7200, colours.warning], [86_400, colours.bad]],
          }),
        ],
        [
          6,
          stat({
            title: 'Deliveries given up',
            description: 'Transitions of incidents that a target did not take in the range. `npx weir deliveries` sends them again.',
            unit: 'none',
            queries: [sql("SELECT countIf(state = 'dead') AS value FROM deliveries WHERE $__timeFilter(at)")],
            thresholds: [colours.well, [1, colours.bad]],
          }),
        ],
      ],
    },
    {
      height: 8,
      panels: [
        [
          24,
          table({
            title: 'Accounting',
            description:
              'For each source: positions read = stored + rejected + dropped (balanced), and as many rows in the tables as the ledger says (proved).',
            unit: 'short',
            queries: [accounting('sources', sources)],
            columns: [
              { name: 'balanced', values: { true: ['balanced', 'green'], false: ['NOT balanced', 'red'] } },
              { name: 'proved', values: { true: ['proved', 'green'], false: ['NOT proved', 'red'] } },
              { name: 'missing', thresholds: [colours.well, [1, colours.bad]] },
              { name: 'source', links: [['Only this source', to('weir-pipeline', { source: '${__data.fields.source}' })]] },
            ],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          12,
          series({
            title: 'Stored',
            description: 'Records stored a second, by source, at the time at which their batch was stored.',
            unit: 'rowsps',
            stacked: true,
            min: 0,
            points: true,
            queries: [
              sql(
                "SELECT $__timeInterval(stored_at) AS time, source, sum(batches_latest.stored) / $__interval_s AS stored FROM batches_latest WHERE $__timeFilter(stored_at) AND state = 'stored' AND $__conditionalAll(source IN (${source:singlequote}), $source) GROUP BY time, source ORDER BY time",
                'series',
              ),
            ],
          }),
        ],
        [
          12,
          series({
            title: 'Read, stored, rejected, dropped',
            description: 'Flow of the chosen sources, records a second. Rejected that rises with read unchanged is a format that changed.',
            unit: 'rowsps',
            min: 0,
            points: true,
            queries: [
              sql(
                "SELECT $__timeInterval(stored_at) AS time, sum(batches_latest.read) / $__interval_s AS read, sum(batches_latest.stored) / $__interval_s AS stored, sum(batches_latest.rejected) / $__interval_s AS rejected, sum(batches_latest.dropped) / $__interval_s AS dropped FROM batches_latest WHERE $__timeFilter(stored_at) AND state = 'stored' AND $__conditionalAll(source IN (${source:singlequote}), $source) GROUP BY time ORDER BY time",
                'series',
              ),
            ],
            colours: { read: 'blue', stored: 'green', rejected: 'red', dropped: 'orange' },
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          12,
          table({
            title: 'Why records are rejected',
            description:
              'Reasons by source, with how many wait for a replay and one example. `npx weir rejects` shows them, `npx weir rejects replay` sends them again.',
            unit: 'none',
            noValue: 'nothing was rejected',
            queries: [accounting('rejects', sources)],
            columns: [
              { name: 'waiting', title: 'waiting for replay', thresholds: [colours.well, [1, colours.warning], [1000, colours.bad]] },
            ],
          }),
        ],
        [
          12,
          table({
            title: 'How far each source is',
            description: 'Complete to: everything that happened before has arrived. Behind: the clock less that.',
            unit: 'none',
            queries: [accounting('completeness', sources)],
            columns: [
              {
                name: 'lag_seconds',
                title: 'behind',
                unit: 's',
                thresholds: [colours.well, [7200, colours.warning], [86_400, colours.bad]],
              },
            ],
          }),
        ],
      ],
    },
    {
      height: 9,
      panels: [
        [
          14,
          table({
            title: 'Files',
            description:
              'Receipts of files of the range, the latest first: state, records, what they declare. replay: it came again and was not stored again.',
            unit: 'none',
            noValue: 'no files',
            queries: [
              sql(
                'SELECT received_at, source, name, state, sequence, files_latest.read AS read, files_latest.stored AS stored, files_latest.rejected AS rejected, declared_records, bytes, error FROM files_latest WHERE $__timeFilter(received_at) AND $__conditionalAll(source IN (${source:singlequote}), $source) ORDER BY received_at DESC LIMIT 300',
              ),
            ],
            columns: [
              {
                name: 'state',
                values: {
                  stored: ['stored', 'green'],
                  replay: ['replay', 'orange'],
                  rejected: ['rejected', 'red'],
                  reading: ['reading', 'blue'],
                  empty: ['empty', 'text'],
                },
              },
              { name: 'bytes', unit: 'bytes' },
            ],
          }),
        ],
        [
          10,
          bars({
            title: 'Rows by table',
            description: 'Rows in the tables of records, from the ledger: stored positions by kind.',
            unit: 'short',
            queries: [
              sql(
                "SELECT kind, sum(batches_latest.stored) AS value FROM batches_latest WHERE state = 'stored' GROUP BY kind ORDER BY value DESC LIMIT 20",
              ),
            ],
          }),
        ],
      ],
    },
  ],
};
