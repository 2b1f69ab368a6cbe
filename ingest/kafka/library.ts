/**
 * node-rdkafka, built when it is first needed: its two-minute compile and 500 MB must not cost those who never use Kafka. The packages
 * are installed without running scripts; the first use of Kafka builds this one.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { WeirError } from '../../core/errors.ts';

const require = createRequire(import.meta.url);

/** The module node-rdkafka. */
export type KafkaLibrary = typeof import('node-rdkafka');

/** True when the native part of node-rdkafka is there and loads. */
export function kafkaIsBuilt(): boolean {
  try {
    require('node-rdkafka');
    return true;
  } catch {
    return false;
  }
}

/**
 * The library; builds it first when its native part is missing.
 * @param say one line of what is going on, for a person
 * @throws WeirError kafka_unavailable when it cannot be built here
 */
export async function kafkaLibrary(say: (text: string) => void): Promise<KafkaLibrary> {
  if (!kafkaIsBuilt()) {
    say('building node-rdkafka, once: about two minutes and 500 MB; it needs a C++ compiler, make and python3 …');
    await build();
    say('node-rdkafka is built');
  }
  return require('node-rdkafka') as KafkaLibrary;
}

/**
 * Whether the library was built with a codec: zstd needs the headers of libzstd on the machine that builds. Topics compressed with a
 * codec that is missing are not passed over, they stand still.
 */
export async function hasCodec(codec: 'lz4' | 'snappy' | 'gzip' | 'zstd'): Promise<boolean> {
  return (await kafkaLibrary(() => undefined)).features.includes(codec);
}

function build(): Promise<void> {
  const root = dirname(dirname(dirname(require.resolve('node-rdkafka/package.json'))));
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['rebuild', 'node-rdkafka', '--ignore-scripts=false'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => reject(unavailable(error.message)));
    child.once('exit', (code) => (code === 0 ? resolve() : reject(unavailable(output.trim().split('\n').slice(-8).join('\n')))));
  });
}

function unavailable(why: string): WeirError {
  return new WeirError('kafka_unavailable', `node-rdkafka could not be built:\n${why}`, {
    place: 'node-rdkafka',
    hint: 'On Debian: apt-get install g++ make python3 libssl-dev zlib1g-dev libzstd-dev libsasl2-dev',
  });
}
