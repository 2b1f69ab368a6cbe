/** A small inlet that publishes what files and posts bring, and a source of topics that stores it: with a real ClickHouse and a real Kafka. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import type { Store } from '../../sql/store.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { withKafka } from '../../test/kafka.ts';
import { withKafkaSources } from '../../test/support/kafka-source.ts';
import { until } from '../../test/support/processes.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../../test/support/proof.ts';
import { chosenSeed, seededRandom } from '../../test/support/random.ts';
import { noTruth, usageJson } from '../../test/support/usage-topic.ts';
import { parseSettings } from '../settings/load.ts';
import { digestOf, takeBody } from './body-job.ts';
import { completeFile, takeFile } from './file-job.ts';
import { formatOf } from './format-of.ts';
import { openPipeline, type Pipeline, type PipelineSource } from './pipeline.ts';

const clickhouse = withClickHouse();
const kafka = withKafka();
const { start, read, untilRead } = withKafkaSources(clickhouse, kafka);
const random = seededRandom(chosenSeed());
const root = mkdtempSync(join(tmpdir(), 'weir-outlet-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const partitions = (): number => (kafka().kind === 'mock' ? 4 : 3);

/** A pipeline with one source that publishes. */
async function inlet(name: string, store: Store = clickhouse.store): Promise<{ pipeline: Pipeline; source: PipelineSource }> {
  const text = `tenant: main\ningest: { batchRecords: 500 }\nkafka: { brokers: '${kafka().brokers}' }\nsources:\n  ${name}: { type: http, format: weir-json, publishTo: ${name} }\n`;
  const settings = parseSettings(text, 'weir.yaml');
  const pipeline = await openPipeline({
    store,
    clock: { now: () => Date.now() },
    settings,
    pseudonymKey: new Uint8Array(32).fill(3),
    owner: 'inlet',
    log: pino({ level: 'silent' }),
  });
  return { pipeline, source: pipeline.source(name, formatOf(name, settings.sources[name] as { format: string })) };
}

const ledgerOf = (source: string): Promise<Record<string, unknown>[]> =>
  clickhouse.store.select(
    'SELECT read, stored, rejected, dropped, in_flight, balanced, proved FROM weir.accounting WHERE source = {source:String}',
    { source },
  );

/** Lines of a file, of which one in 97 is half a record. */
function lines(truth: ReturnType<typeof noTruth>, count: number): string {
  return Array.from({ length: count }, (_, index) => usageJson(truth, index, random, 9)).join('\n');
}

describe('a file that is published', () => {
  it('is accounted for at the inlet, and stored once by who reads the topic', async () => {
    const truth = noTruth();
    await kafka().createTopic('in-file', partitions());
    const file = join(root, 'calls.ndjson');
    writeFileSync(file, lines(truth, 2000));
    const { pipeline, source } = await inlet('in-file');
    const { totals, state } = await takeFile(pipeline, { source, file: await completeFile(file) });
    await pipeline.close();
    expect(state).toBe('stored');
    expect(totals).toMatchObject({ read: truth.rows, stored: truth.stored, rejected: truth.rejected });
    expect(await ledgerOf('in-file')).toMatchObject([
      {
        read: String(truth.rows),
        stored: '0',
        rejected: String(truth.rejected),
        dropped: String(truth.stored),
        balanced: true,
        proved: true,
      },
    ]);
    await start('from-file', 'topics: [in-file], format: weir-json, recordsPerMessage: 100');
    await untilRead('from-file', truth.stored);
    await expectStoredOnce(clickhouse.store, 'from-file', { ...truth, rows: truth.stored, rejected: 0 });
    await expectRollupsEqualBase(clickhouse.store);
  });

  it('and sent again after a crash is a repeat to who reads the topic, also after a restart: dropped, and counted', async () => {
    const truth = noTruth();
    await kafka().createTopic('in-crash', partitions());
    const file = join(root, 'again.ndjson');
    writeFileSync(file, lines(truth, 900));
    // The second batch is published; the process dies before the ledger knows.
    let batches = 0;
    const { insert } = clickhouse.store;
    const dying: Store = {
      ...clickhouse.store,
      insert: (table, rows, token) =>
        table === 'batches' && (rows[0] as { state?: string }).state === 'stored' && ++batches === 2
          ? Promise.reject(new Error('killed'))
          : insert(table, rows, token),
    };
    const first = await inlet('in-crash', dying);
    await expect(takeFile(first.pipeline, { source: first.source, file: await completeFile(file) })).rejects.toThrow('killed');
    await first.pipeline.close();
    const reader = 'topics: [in-crash], format: weir-json, recordsPerMessage: 100';
    const before = await start('from-crash', reader);
    await untilRead('from-crash', truth.stored);
    await before.stop();
    // The next start of the inlet sends the range again; that of the reader knows what the one before it took.
    const second = await inlet('in-crash');
    await takeFile(second.pipeline, { source: second.source, file: await completeFile(file) });
    await second.pipeline.close();
    await start('from-crash', reader);
    await until(async () => (await read('from-crash')) > truth.stored, 'the repeat does not come');
    await untilRead('from-crash', truth.stored + 1);
    const sent = await kafka().readAll('in-crash', partitions());
    const ids = sent.map(({ headers }) => headers['weir-id'] ?? '');
    const repeated = sent.filter(({ headers }, at) => ids.indexOf(headers['weir-id'] ?? '') < at);
    expect(repeated.length).toBeGreaterThan(0);
    const records = repeated.reduce((sum, { headers }) => sum + Number(headers['weir-records']), 0);
    await untilRead('from-crash', truth.stored + records);
    await expectStoredOnce(clickhouse.store, 'from-crash', { ...truth, rows: truth.stored + records, rejected: 0 });
    expect(
      await clickhouse.store.select("SELECT sum(dropped_by['repeat']) AS repeats FROM weir.batches_latest WHERE source = 'from-crash'"),
    ).toEqual([{ repeats: String(records) }]);
    expect(await ledgerOf('in-crash')).toMatchObject([{ read: String(truth.rows), in_flight: '0', balanced: true, proved: true }]);
  });
});

describe('a posted body that is published', () => {
  it('gets the same answer when it is posted again, and is published once', async () => {
    const truth = noTruth();
    await kafka().createTopic('in-post', partitions());
    const body = Buffer.from(lines(truth, 150));
    const { pipeline, source } = await inlet('in-post');
    const first = await takeBody(pipeline, source, body, digestOf(body), 'key-1');
    const second = await takeBody(pipeline, source, body, digestOf(body), 'key-1');
    await pipeline.close();
    expect(first).toMatchObject({ read: 150, accepted: truth.stored, rejected: truth.rejected, replayed: false });
    expect(second).toMatchObject({ read: 150, accepted: truth.stored, rejected: truth.rejected, dropped: 0, replayed: true });
    expect(await kafka().readAll('in-post', partitions())).toHaveLength(2);
  });
});
