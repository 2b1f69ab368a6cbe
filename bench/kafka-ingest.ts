/**
 * One ingest process of the Kafka benchmarks: the source `switch` over a topic that others may read too. Told over the channel of its parent:
 * gets its options, says when it is ready, begins at the next word, tells what each batch took, and ends at the last with what it used.
 */
import { once } from 'node:events';
import pino from 'pino';
import { runKafkaSource } from '../app/pipeline/kafka-source.ts';
import { formatOfMapping } from '../ingest/decode/index.ts';
import { kafkaLibrary } from '../ingest/kafka/library.ts';
import { connect } from '../sql/store.ts';
import { pipelineOf } from './kafka.ts';
import { jsonMapping } from './kafka-load.ts';
import type { ReadersOptions, ReaderWord } from './kafka-readers.ts';
import { peakOf } from './process.ts';

const tell = (word: ReaderWord): void => void process.send?.(word);
const word = async (): Promise<unknown> => ((await once(process, 'message')) as [unknown])[0];

async function main(): Promise<void> {
  const { url, password, brokers, topic, packed, batch, batchSeconds } = (await word()) as ReadersOptions;
  const owner = `bench:${process.pid}`;
  const pipeline = await pipelineOf(connect({ url, user: 'weir', password }), brokers, topic, { packed, batch, batchSeconds, owner });
  const settings = pipeline.settings.sources['switch'];
  if (settings?.type !== 'kafka') throw new Error('not a source of topics');
  const library = await kafkaLibrary(console.log);
  const stopping = new AbortController();
  tell('ready');
  await word();
  const began = process.cpuUsage();
  const done = runKafkaSource({
    library,
    pipeline,
    source: pipeline.source('switch', formatOfMapping(jsonMapping, 'mapping'), 'US'),
    settings,
    kafka: pipeline.settings.kafka,
    password: '',
    log: pino({ level: process.env['WEIR_BENCH_LOG'] ?? 'silent' }),
    signal: stopping.signal,
    onBatch: ({ read, rejected }) => tell({ read, rejected }),
  });
  await word();
  const { user, system } = process.cpuUsage(began);
  stopping.abort();
  await done;
  await pipeline.close();
  const last: ReaderWord = { cpu: user + system, megabytes: peakOf(process.pid) / 1e6 };
  process.send?.(last, () => process.exit(0));
}

await main();
