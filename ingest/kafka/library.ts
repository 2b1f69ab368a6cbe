/** node-rdkafka, built when it is first needed: its two-minute compile and 500 MB must not cost those who never use Kafka. */
import { WeirError } from '../../core/errors.ts';
import { build, isBuilt, load } from '../native.ts';

/** The module node-rdkafka. */
export type KafkaLibrary = typeof import('node-rdkafka');

/** True when the native part of node-rdkafka is there and loads. */
export const kafkaIsBuilt = (): boolean => isBuilt('node-rdkafka');

/**
 * The library; builds it first when its native part is missing.
 * @param say one line of what is going on, for a person
 * @throws WeirError kafka_unavailable when it cannot be built here
 */
export async function kafkaLibrary(say: (text: string) => void): Promise<KafkaLibrary> {
  if (!kafkaIsBuilt()) {
    say('building node-rdkafka, once: about two minutes and 500 MB; it needs a C++ compiler, make and python3 …');
    await build('node-rdkafka').catch((error: Error) => {
      throw unavailable(error.message);
    });
    say('node-rdkafka is built');
  }
  return load<KafkaLibrary>('node-rdkafka');
}

/**
 * Whether the library was built with a codec: zstd needs the headers of libzstd on the machine that builds. Topics compressed with a
 * codec that is missing are not passed over, they stand still.
 */
export async function hasCodec(codec: 'lz4' | 'snappy' | 'gzip' | 'zstd'): Promise<boolean> {
  return (await kafkaLibrary(() => undefined)).features.includes(codec);
}

function unavailable(why: string): WeirError {
  return new WeirError('kafka_unavailable', `node-rdkafka could not be built:\n${why}`, {
    place: 'node-rdkafka',
    hint: 'On Debian: apt-get install g++ make python3 libssl-dev zlib1g-dev libzstd-dev libsasl2-dev',
  });
}
