/** The catalogue of metrics that a detector over series may watch: which table, which columns, and what kind of figure they make. */
import type { Rater } from '../../core/rater.ts';

/**
 * `count`: events, whole numbers that are added up. `sum`: an amount that is added up. `ratio`: successes of attempts.
 * `mean`: an amount over the number of those that have it.
 */
export type Signal = 'count' | 'sum' | 'ratio' | 'mean';

/** Tables that series are made of; the query of a table is `series-<table>`. */
export type SeriesTable = 'usage' | 'measurements' | 'lifecycle';

export interface Metric {
  readonly name: string;
  readonly table: SeriesTable;
  readonly signal: Signal;
  /** Column that is added up; of a ratio the successes. */
  readonly numerator: string;
  /** Column of attempts, or of how many have the amount; empty for counts and sums. */
  readonly denominator: string;
  readonly unit: string;
  /** What one unit is called in a sentence: "records". */
  readonly noun: string;
  readonly description: string;
  /** What it touches of the quality of service. */
  readonly rater: Rater;
}

/** Dimensions of each table, in the order in which they are usually named. */
export const dimensionsOf: Readonly<Record<SeriesTable, readonly string[]>> = {
  usage: ['leg', 'service', 'partner', 'direction', 'node', 'route', 'cell', 'apn', 'rat', 'plan', 'zone', 'segment', 'cause_class'],
  measurements: ['metric', 'node', 'site', 'model', 'firmware', 'device'],
  lifecycle: ['step', 'system', 'plan', 'segment', 'actor'],
};

const usage = (
  name: string,
  signal: Signal,
  numerator: string,
  denominator: string,
  unit: string,
  noun: string,
  description: string,
  rater: Rater = 'reliability',
): Metric => ({
  name,
  table: 'usage',
  signal,
  numerator,
  denominator,
  unit,
  noun,
  description,
  rater,
});

export const metrics: readonly Metric[] = [
  usage(
    'usage_records',
    'count',
    'records',
    '',
    'records',
    'records',
    'Usage records, rejected ones included as far as their series can be told.',
  ),
  usage('usage_answered', 'count', 'answered', '', 'records', 'answered records', 'Answered or delivered usage records.'),
  usage('usage_seconds', 'sum', 'billable_seconds', '', 'seconds', 'billable seconds', 'Billable seconds.'),
  usage('usage_octets_down', 'sum', 'octets_down', '', 'octets', 'octets down', 'Octets to subscribers.'),
  usage('usage_octets_up', 'sum', 'octets_up', '', 'octets', 'octets up', 'Octets from subscribers.'),
  usage('usage_charge', 'sum', 'charge', '', 'currency', 'charged', 'Charges in the tenant currency.', 'assurance'),
  usage(
    'answer_ratio',
    'ratio',
    'answered',
    'records',
    'ratio',
    'answered',
    'Answered or delivered records of all: ASR of voice (ITU-T E.411), delivery ratio of messages.',
  ),
  usage(
    'call_seconds',
    'mean',
    'duration_seconds',
    'answered',
    'seconds',
    'seconds a call',
    'Average call duration: duration of answered records (ACD).',
  ),
  usage(
    'setup_delay_ms',
    'mean',
    'setup_delay_ms',
    'setup_delay_records',
    'ms',
    'ms of set-up',
    'Mean set-up or post-dial delay of the records that state one (PDD).',
    'responsiveness',
  ),
  usage(
    'charge_per_record',
    'mean',
    'charge',
    'records',
    'currency',
    'a record',
    'Mean charge of a record, in the tenant currency.',
    'assurance',
  ),
  {
    name: 'device_gauge',
    table: 'measurements',
    signal: 'mean',
    numerator: 'value',
    denominator: 'readings',
    unit: '',
    noun: 'on average',
    description: 'Mean of a gauge of devices, in the unit of the gauge.',
    rater: 'tangibles',
  },
  {
    name: 'device_readings',
    table: 'measurements',
    signal: 'count',
    numerator: 'readings',
    denominator: '',
    unit: 'readings',
    noun: 'readings',
    description: 'Readings that devices sent.',
    rater: 'tangibles',
  },
  {
    name: 'lifecycle_steps',
    table: 'lifecycle',
    signal: 'count',
    numerator: 'steps',
    denominator: '',
    unit: 'steps',
    noun: 'steps',
    description: 'Steps of the customer life cycle.',
    rater: 'responsiveness',
  },
  {
    name: 'lifecycle_success',
    table: 'lifecycle',
    signal: 'ratio',
    numerator: 'succeeded',
    denominator: 'steps',
    unit: 'ratio',
    noun: 'succeeded',
    description: 'Steps of the customer life cycle that did not fail.',
    rater: 'reliability',
  },
];

/** @example metricNamed('answer_ratio')?.signal // 'ratio' */
export function metricNamed(name: string): Metric | undefined {
  return metrics.find((metric) => metric.name === name);
}
