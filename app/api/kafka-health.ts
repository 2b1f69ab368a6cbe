/** Whether the topics move, told by the metrics of the ingest process. A process that lives and waits is not healthy. */

export interface KafkaHealth {
  readonly ok: boolean;
  readonly message: string;
}

/** Longest time that messages may wait without one being stored, and that Kafka may be silent, in seconds. */
const longestSeconds = 60;

interface Metric {
  readonly name?: unknown;
  readonly values?: readonly { readonly value?: unknown; readonly labels?: Readonly<Record<string, unknown>> }[];
}

/**
 * Judges the metrics; undefined where no source reads topics.
 * @param metrics as `prom-client` gives them as JSON
 * @example kafkaHealth([]) // undefined
 */
export function kafkaHealth(metrics: unknown): KafkaHealth | undefined {
  const all = Array.isArray(metrics) ? (metrics as readonly Metric[]) : [];
  const valuesOf = (name: string): readonly { place: string; seconds: number }[] =>
    all
      .filter((metric) => metric.name === name)
      .flatMap(({ values = [] }) => values)
      .map(({ value, labels = {} }) => ({
        place: [labels['source'], labels['topic'] && `${labels['topic']}/${labels['partition']}`].filter(Boolean).join(' '),
        seconds: Number(value),
      }));
  const silent = valuesOf('weir_kafka_silent_seconds');
  if (silent.length === 0) return undefined;
  const mute = silent.filter(({ seconds }) => seconds > longestSeconds);
  const still = valuesOf('weir_kafka_waiting_seconds').filter(({ seconds }) => seconds > longestSeconds);
  const first = mute[0] ?? still[0];
  if (!first) return { ok: true, message: 'topics move' };
  const what = mute[0] ? 'Kafka has not answered' : 'messages wait, and none was stored';
  const more = mute.length + still.length - 1;
  return { ok: false, message: `${first.place}: ${what} for ${Math.round(first.seconds)} s${more > 0 ? `; ${more} more` : ''}` };
}
