/** Usage records as JSON messages, together with the truth about them. */
import type { TestMessage } from '../kafka.ts';
import type { Random } from './random.ts';
import { usageHeader, usageLine } from './usage-file.ts';

const names = usageHeader.split(',');

/** What the tables must hold when all that was sent is stored once; grows with each message made. */
export interface TopicTruth {
  rows: number;
  stored: number;
  rejected: number;
  seconds: number;
  chargeMicro: number;
}

export const noTruth = (): TopicTruth => ({ rows: 0, stored: 0, rejected: 0, seconds: 0, chargeMicro: 0 });

/** One record as the text of a JSON object; one in `brokenEvery` is half of one. */
export function usageJson(truth: TopicTruth, index: number, random: Random, series = 1, brokenEvery = 97): string {
  const { line, seconds, chargeMicro } = usageLine(series, index, random);
  const fields = line.split(',').map((value, at) => [names[at], value]);
  const text = JSON.stringify(Object.fromEntries(fields));
  truth.rows++;
  if (brokenEvery > 0 && index % brokenEvery === brokenEvery - 1) {
    truth.rejected++;
    return text.slice(0, text.length >> 1);
  }
  truth.stored++;
  truth.seconds += seconds;
  truth.chargeMicro += chargeMicro;
  return text;
}

/** Messages `first` to `first + count - 1`, each in the partition that its number gives. */
export function* usageMessages(
  truth: TopicTruth,
  random: Random,
  { first = 0, count, partitions, series = 1 }: { first?: number; count: number; partitions: number; series?: number },
): Iterable<TestMessage> {
  for (let index = first; index < first + count; index++)
    yield { value: usageJson(truth, index, random, series), key: `k${index}`, partition: index % partitions };
}
