/**
 * One ingest process of the Kafka benchmark: the source `switch` over a topic that others read too. Told over the channel of its parent: says
 * when it is ready, begins at the first word, tells what each batch took, and ends at the second with its processor time.
 */
import pino from 'pino';
import { runKafkaSource } from '../app/pipeline/kafka-source.ts';
import { formatOfMapping } from '../ingest/decode/index.ts';
import { kafkaLibrary } from '../ingest/kafka/library.ts';
import { connect } from '../sql/store.ts';
import { pipelineOf } from './kafka.ts';
import { jsonMapping } from './kafka-load.ts';

const [url = '', password = '', brokers = '', topic = '', packed = '1', batch = '0'] = process.argv.slice(2);
const pipeline = await pipelineOf(
  connect({ url, user: 'weir', password }),
  brokers,
  topic,
  Number(packed),
  Number(batch),
  0,
  `bench:${process.pid}`,
);
const settings = pipeline.settings.sources['switch'];
if (settings?.type !== 'kafka') throw new Error('not a source of topics');
const source = pipeline.source('switch', formatOfMapping(jsonMapping, 'mapping'), 'US');
const library = await kafkaLibrary(console.log);
const stopping = new AbortController();
const told = (): Promise<void> => new Promise((resolve) => process.once('message', () => resolve()));
process.send!('ready');
await told();
const began = process.cpuUsage();
const done = runKafkaSource({
  library,
  pipeline,
  source,
  settings,
  kafka: pipeline.settings.kafka,
  password: '',
  log: pino({ level: process.env['WEIR_BENCH_LOG'] ?? 'silent' }),
  signal: stopping.signal,
  onBatch: ({ read, rejected }) => void process.send!({ read, rejected }),
});
await told();
const { user, system } = process.cpuUsage(began);
process.send!({ cpu: user + system, resident: process.resourceUsage().maxRSS });
stopping.abort();
await done;
await pipeline.close();
process.exit(0);
