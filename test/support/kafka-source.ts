/** A source of topics in the process of a test, run as the ingest role runs it, and questions about what it stored. */
import pino from 'pino';
import { afterEach } from 'vitest';
import { formatOf } from '../../app/pipeline/format-of.ts';
import type { KafkaLoss } from '../../app/pipeline/kafka-open.ts';
import { runKafkaSource } from '../../app/pipeline/kafka-source.ts';
import type { PartitionFacts } from '../../app/pipeline/partition-facts.ts';
import { openPipeline } from '../../app/pipeline/pipeline.ts';
import { parseSettings } from '../../app/settings/load.ts';
import type { Clock } from '../../core/clock.ts';
import { kafkaLibrary } from '../../ingest/kafka/library.ts';
import type { Store } from '../../sql/store.ts';
import type { TestClickHouse } from '../clickhouse.ts';
import type { TestKafka } from '../kafka.ts';
import { until } from './processes.ts';

export interface RunningSource {
  facts: readonly PartitionFacts[];
  readonly losses: KafkaLoss[];
  /** Errors that the library reported. */
  readonly troubles: string[];
  stop(): Promise<void>;
}

export interface SourceOptions {
  /** Default: that of the test. */
  readonly store?: Store;
  readonly clock?: Clock;
  /** Further settings of the process, as YAML. */
  readonly settings?: string;
}

export interface KafkaSources {
  /** Starts one instance of a source. @param yaml its settings, as the inside of a YAML flow mapping */
  start(source: string, yaml: string, options?: SourceOptions): Promise<RunningSource>;
  /** Positions that the ledger has as stored. */
  read(source: string): Promise<number>;
  untilRead(source: string, positions: number): Promise<void>;
  rejects(source: string): Promise<Record<string, string>[]>;
}

/** To be called once at the top of a test file. All sources are stopped after each test. */
export function withKafkaSources(clickhouse: TestClickHouse, kafka: () => TestKafka): KafkaSources {
  const all: RunningSource[] = [];
  let instances = 0;
  afterEach(async () => {
    for (const one of all.splice(0)) await one.stop();
  });
  const read = async (source: string): Promise<number> => {
    const [row] = await clickhouse.store.select<{ rows: string }>(
      "SELECT sum(read) AS rows FROM weir.batches_latest WHERE source = {source:String} AND state = 'stored'",
      { source },
    );
    return Number(row?.rows ?? 0);
  };
  return {
    read,
    // As long as it moves: how fast is a matter of the machine.
    async untilRead(source, rows) {
      for (let now = await read(source); now < rows; now = await read(source)) {
        const before = now;
        await until(async () => (await read(source)) > before, `${source} stands still at ${before} of ${rows} positions`, 90_000);
      }
    },
    rejects: (source) =>
      clickhouse.store.select(
        'SELECT partition, toString(position) AS position, reason, detail, length(bytes) AS bytes FROM weir.rejects WHERE source = {source:String} ORDER BY partition, position',
        { source },
      ),
    async start(source, yaml, { store = clickhouse.store, clock = { now: () => Date.now() }, settings: more = '' } = {}) {
      const text = `tenant: main\n${more.includes('ingest:') ? '' : 'ingest: { batchRecords: 2000 }\n'}${more}\nkafka: { brokers: '${kafka().brokers}' }\nsources:\n  ${source}: { type: kafka, batchSeconds: 0.1, settings: { session.timeout.ms: 6000, heartbeat.interval.ms: 500 }, ${yaml} }\n`;
      const settings = parseSettings(text, 'weir.yaml');
      const named = settings.sources[source];
      if (named?.type !== 'kafka') throw new Error('not a source of topics');
      const log = pino({ level: process.env['WEIR_TEST_LOG'] ?? 'silent' });
      const pipeline = await openPipeline({
        store,
        clock,
        settings,
        pseudonymKey: new Uint8Array(32).fill(3),
        owner: `test:${++instances}`,
        log,
      });
      const stopping = new AbortController();
      const running: RunningSource = {
        facts: [],
        losses: [],
        troubles: [],
        async stop() {
          stopping.abort();
          await done;
          await pipeline.close();
        },
      };
      const done = runKafkaSource({
        library: await kafkaLibrary(console.log),
        pipeline,
        source: pipeline.source(source, formatOf(source, named)),
        settings: named,
        kafka: settings.kafka,
        password: '',
        log,
        signal: stopping.signal,
        onTrouble: (error) => running.troubles.push(error.message),
        onLoss: (loss) => running.losses.push(loss),
        onFacts: (facts) => {
          running.facts = facts;
        },
      });
      all.push(running);
      return running;
    },
  };
}
