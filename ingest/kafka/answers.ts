/** Whether the brokers answer and know the topics: one request for metadata. */
import { WeirError } from '../../core/errors.ts';
import type { KafkaLibrary } from './library.ts';

/** @throws WeirError kafka_unreachable, or source_refused naming the topics that are not there */
export async function kafkaAnswers(
  library: KafkaLibrary,
  settings: Readonly<Record<string, unknown>>,
  topics: readonly string[],
  timeoutMs: number,
): Promise<string> {
  const brokers = String(settings['bootstrap.servers'] ?? '');
  const client = new library.Producer({ ...settings, 'socket.timeout.ms': timeoutMs });
  const failed = (message: string): WeirError =>
    new WeirError('kafka_unreachable', `${brokers}: ${message}`, { place: brokers, hint: 'Check kafka.brokers and kafka.client.' });
  // What goes wrong is told by the request.
  client.on('event.error', () => undefined);
  try {
    const names = await new Promise<readonly string[]>((resolve, reject) =>
      client.connect({ timeout: timeoutMs }, (error, metadata) =>
        error ? reject(failed(error.message)) : resolve(metadata.topics.map(({ name }) => name)),
      ),
    );
    const missing = topics.filter((topic) => !names.includes(topic));
    if (missing.length > 0)
      throw new WeirError('source_refused', `${brokers}: no topic ${missing.join(', ')}`, {
        place: brokers,
        hint: 'Make it, or correct the name; a user without the right to describe a topic does not see it.',
      });
    return `${brokers}: ${topics.length === 1 ? `topic ${topics[0]}` : `${topics.length} topics`}`;
  } finally {
    client.disconnect(1000);
  }
}
