/** The settings that make a detector: everything that holds for it, as it would stand in `weir.yaml`. */
import type { DetectorSettings } from '../../core/settings/detectors.ts';
import type { SeriesDefinition } from './definition.ts';

/**
 * Every setting of a detector with the value that holds.
 * @example settingsOf(seriesDefinitions({}).definitions[0]).metric // 'usage_records'
 */
export function settingsOf(definition: SeriesDefinition): DetectorSettings {
  const { title, metric, dimensions, total, where, statistic, direction, bucketMs, effect, budget, persistence } = definition;
  return {
    title,
    metric: metric.name,
    dimensions: [...dimensions],
    total,
    ...(Object.keys(where).length > 0
      ? { where: Object.fromEntries(Object.entries(where).map(([dimension, values]) => [dimension, [...values]])) }
      : {}),
    statistic,
    direction,
    bucketMinutes: (bucketMs / 60_000) as NonNullable<DetectorSettings['bucketMinutes']>,
    effect: { ...effect },
    budget: { ...budget },
    persistence: { ...persistence },
    calendar: definition.calendar,
    historyDays: definition.historyDays,
    shards: definition.shards,
    pinned: definition.pinned,
  };
}
