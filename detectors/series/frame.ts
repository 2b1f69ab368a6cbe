/** A detector over series in the words of the detection loop: what it is called, its scope, its documentation. */
import { type Definition, define } from '../../core/definition.ts';
import { figure, percent } from '../controls/texts.ts';
import type { SeriesDefinition } from './definition.ts';

/** Who stands behind the words of `needs`. */
const tableOf = { usage: 'usage_minute', measurements: 'measurements', lifecycle: 'lifecycle' } as const;

/**
 * The frame of a detector for findings over its first `depth` dimensions; results, findings and incidents need no more.
 * @param depth 1 to the number of dimensions; default all
 */
export function frameOf(detector: SeriesDefinition, depth: number = detector.dimensions.length): Definition {
  const { identity, title, kind, metric, dimensions, bucketMs, effect, budget, persistence, historyDays, direction, statistic } = detector;
  const way = direction === 'both' ? 'drop or surge' : direction === 'down' ? 'drop' : 'surge';
  const floor =
    metric.signal === 'ratio'
      ? `${figure(effect.absolute * 100)} points`
      : [
          `${percent(effect.relative)}`,
          effect.absolute > 0 ? `${figure(effect.absolute)} ${metric.unit}${metric.signal === 'mean' ? '' : ' an hour'}` : '',
        ]
          .filter(Boolean)
          .join(' and ');
  return define({
    identity,
    title,
    kind,
    rater: metric.rater,
    metric: metric.name,
    trigger: 'window-close',
    windowMs: bucketMs,
    needs: {
      legs: [],
      tables: [tableOf[metric.table]],
      data: `${figure(historyDays)} days of ${metric.table === 'measurements' ? 'device readings' : metric.table === 'lifecycle' ? 'life-cycle events' : 'usage'}`,
    },
    query: `series-${metric.table}`,
    columns: {},
    lookbackMs: 0,
    limits: [],
    restsOnAll: true,
    scope: [...dimensions.slice(0, depth), 'direction'],
    holdMs: 0,
    store: 'marked',
    evaluate: () => [],
    documentation: {
      meaning: `${metric.description} Watched for a ${way} by ${dimensions.join(', ')}; every prefix of the dimensions is a series too, and what moves together is one finding.`,
      formula: `${statistic === 'silence' ? 'p = exp(-expected events missed / 2)' : 'p of the series scorer (docs/statistics.md): time of day, weekday, level, common mode of all peers, CUSUM'}${statistic === 'ratio' ? '; the Wilson interval lies beyond the floor too' : ''}. A finding: p within the budget (${figure(budget.perDay)} false alarms a day, ${figure(budget.per1000SeriesDays)} per 1000 series-days, the stricter) in ${persistence.needed} of ${persistence.among} buckets of ${bucketMs / 60_000} minutes, and beyond the floor: ${floor}. Clears after ${persistence.rearm} quiet buckets.`,
      proof: 'Run the SQL of the finding: the series by bucket beside the week before. The explanation names the values that moved.',
      recovery: 'Look at the suspects first: what changed just before it began. If records were lost on the way, have them sent again.',
    },
  });
}
