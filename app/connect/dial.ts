/** The ways of trying that several settings share: whether anybody hears, and whether a cluster has its topics. */
import { connect as dial } from 'node:net';
import { WeirError } from '../../core/errors.ts';
import type { Settings } from '../../core/settings/index.ts';
import { secretFile } from '../clickhouse.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Longest time of one attempt, in ms. */
export const attemptMs = 15_000;

/** Whether the cluster answers and has the topics. */
export async function tryKafka({ kafka }: Settings, topics: readonly string[], own: Readonly<Record<string, unknown>>): Promise<string> {
  const { kafkaIsBuilt, kafkaLibrary } = await import('../../ingest/kafka/library.ts');
  if (!kafkaIsBuilt()) {
    const [broker = ''] = kafka.brokers.split(',');
    await tryDial(new URL(`tcp://${broker.trim()}`));
    return `${broker.trim()}: answers; topics are not asked for before node-rdkafka is built`;
  }
  const { kafkaAnswers } = await import('../../ingest/kafka/answers.ts');
  const password = kafka.passwordFile ? { 'sasl.password': secretFile(kafka.passwordFile) } : {};
  const library = await kafkaLibrary(() => undefined);
  return kafkaAnswers(library, { ...kafka.client, ...own, ...password, 'bootstrap.servers': kafka.brokers }, topics, attemptMs - 3000);
}

/** Whether anybody hears there; nothing is sent. */
export function tryDial({ hostname, port, protocol }: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = dial(Number(port) || (protocol === 'https:' ? 443 : 80), hostname.replace(/^\[|\]$/g, ''));
    socket.once('connect', () => {
      socket.destroy();
      resolve('answers');
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new WeirError('source_unreachable', `${hostname}${port ? `:${port}` : ''}: ${error.code ?? error.message}`, {
          hint: 'Is it up, and the address right?',
        }),
      ),
    );
    socket.setTimeout(attemptMs, () => socket.destroy(new Error('no answer')));
  });
}
