import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { WeirError } from '../../core/errors.ts';
import { hasCodec } from '../../ingest/kafka/library.ts';
import type { Store } from '../../sql/store.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { withKafka } from '../../test/kafka.ts';
import { withKafkaSources } from '../../test/support/kafka-source.ts';
import { until } from '../../test/support/processes.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../../test/support/proof.ts';
import { chosenSeed, seededRandom } from '../../test/support/random.ts';
import { noTruth, usageJson, usageMessages } from '../../test/support/usage-topic.ts';
import { createKafkaLedger, type KafkaLedger, Replaced } from './kafka-ledger.ts';

const clickhouse = withClickHouse();
const kafka = withKafka();
const random = seededRandom(chosenSeed());

const { start, read, untilRead, rejects } = withKafkaSources(clickhouse, kafka);

describe('a topic of JSON records', () => {
  it('is stored once, with three instances that come and go, and a topic that grows', async () => {
    const truth = noTruth();
    await kafka().createTopic('joined', 3);
    await kafka().produce('joined', usageMessages(truth, random, { count: 9000, partitions: 3 }));
    await start('joined', 'topics: [joined], format: weir-json');
    await untilRead('joined', 2000);
    const second = await start('joined', 'topics: [joined], format: weir-json');
    await kafka().produce('joined', usageMessages(truth, random, { first: 9000, count: 9000, partitions: 3 }));
    await start('joined', 'topics: [joined], format: weir-json');
    await second.stop();
    if (kafka().kind !== 'mock') await kafka().growTopic('joined', 5);
    const partitions = kafka().kind === 'mock' ? 3 : 5;
    await kafka().produce('joined', usageMessages(truth, random, { first: 18_000, count: 9000, partitions }));
    await untilRead('joined', truth.rows);
    await expectStoredOnce(clickhouse.store, 'joined', truth);
    await expectRollupsEqualBase(clickhouse.store);
  });

  it('gives key, headers, time and place to the mapping', async () => {
    await kafka().createTopic('facts', 1);
    const timestamp = Date.UTC(2026, 10, 2, 7, 0, 31);
    await kafka().produce('facts', [{ value: '{"n":"+4915209000001"}', key: 'msc-9', timestamp, headers: { leg: 'rating' } }]);
    await start(
      'facts',
      `topics: [facts], mapping: { format: json, kind: usage, columns: { subscriber_number: n, node: { message: key }, leg: { message: 'header:leg' }, start_time: { message: timestamp }, route: { join: [{ message: topic }, { text: / }, { message: partition }, { text: / }, { message: offset }] } } }`,
    );
    await untilRead('facts', 1);
    expect(
      await clickhouse.store.select("SELECT node, leg, route, start_time, partition, position FROM weir.usage WHERE source = 'facts'"),
    ).toEqual([
      { node: 'msc-9', leg: 'rating', route: 'facts/0/0', start_time: '2026-11-02 07:00:31.000', partition: 'facts/0', position: '0' },
    ]);
  });
});

/** A store of which one insert fails, before it is made or after: its answer is lost. */
function faulty(store: Store, nth: number, when: 'before' | 'after'): Store {
  let calls = 0;
  const wrap = async (insert: () => Promise<void>): Promise<void> => {
    const now = ++calls === nth;
    if (now && when === 'before') throw new Error('planned fault');
    await insert();
    if (now) throw new Error('planned fault');
  };
  return {
    ...store,
    insert: (table, rows, token) => wrap(() => store.insert(table, rows, token)),
    insertBlock: (table, block, token) => wrap(() => store.insertBlock(table, block, token)),
  };
}

describe('an insert that fails', () => {
  it('at any step, before it is made or with its answer lost, costs nothing', async () => {
    const truth = noTruth();
    await kafka().createTopic('steps', 1);
    await kafka().produce('steps', usageMessages(truth, random, { count: 4500, partitions: 1 }));
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1; nth <= 4; nth++) {
        const source = `steps-${when}-${nth}`;
        const one = await start(source, 'topics: [steps], format: weir-json', { store: faulty(clickhouse.store, nth, when) });
        await untilRead(source, truth.rows);
        await one.stop();
        await expectStoredOnce(clickhouse.store, source, truth);
      }
    }
    await expectRollupsEqualBase(clickhouse.store);
  });
});

describe('a ClickHouse that is gone', () => {
  it('leaves the messages in Kafka, shows the lag, and is gone on with by itself', async () => {
    const truth = noTruth();
    let gone = true;
    const away = async <T>(ask: () => Promise<T>): Promise<T> => {
      if (gone) throw new WeirError('clickhouse_unreachable', 'ClickHouse does not answer');
      return ask();
    };
    const { store } = clickhouse;
    await kafka().createTopic('gone', 2);
    await kafka().produce('gone', usageMessages(truth, random, { count: 6000, partitions: 2 }));
    const one = await start('gone', 'topics: [gone], format: weir-json', {
      store: {
        ...store,
        insert: (table, rows, token) => away(() => store.insert(table, rows, token)),
        insertBlock: (table, block, token) => away(() => store.insertBlock(table, block, token)),
      },
    });
    await until(() => one.facts.reduce((sum, { lag }) => sum + lag, 0) === 6000, 'the lag is not shown', 60_000);
    expect(await read('gone')).toBe(0);
    gone = false;
    await untilRead('gone', truth.rows);
    await expectStoredOnce(store, 'gone', truth);
  });
});

describe('two owners of one partition', () => {
  it('plan behind a position once: the other is told that it was replaced', async () => {
    const of = { tenant: 'main', source: 'owners', kind: 'usage', table: 'usage' };
    const clock = { now: () => Date.now() };
    const [a, b] = ['a', 'b'].map((owner) => createKafkaLedger(clickhouse.store, { ...of, owner }, clock)) as [KafkaLedger, KafkaLedger];
    // The ledger forgets what is older than a year.
    const plannedAt = Date.now();
    const range = { tenant: 'main', source: 'owners', partition: 't/0', first: 0, last: 9 };
    await a.chain(-1, 1).plan(range, 'x-y', plannedAt);
    await a.chain(-1, 1).plan(range, 'x-y', plannedAt);
    await expect(b.chain(-1, 2).plan({ ...range, last: 14 }, 'x-z', plannedAt)).rejects.toThrow(Replaced);
    await expect(a.chain(-1, 1).plan({ ...range, last: 5 }, 'x-w', plannedAt)).rejects.toThrow(Replaced);
    expect(await b.resume({ topic: 't', partition: 0 })).toEqual({
      partition: 't/0',
      storedTo: -1,
      storedMark: '',
      planned: { first: 0, last: 9, plannedAt, firstMark: 'x', lastMark: 'y' },
      epoch: 2,
    });
  });
});

describe('what is lost', () => {
  it('stands in the ledger, where the chain goes on behind it and the control finds it', async () => {
    const of = { tenant: 'main', source: 'lost', kind: 'usage', table: 'usage', owner: 'a' };
    const ledger = createKafkaLedger(clickhouse.store, of, { now: () => Date.now() });
    const range = { tenant: 'main', source: 'lost', partition: 't/0', first: 10, last: 109 };
    await ledger.lost(range, 9, 1);
    expect(await ledger.resume({ topic: 't', partition: 0 })).toMatchObject({ storedTo: 109, storedMark: '', planned: undefined });
    const since = '2000-01-01 00:00:00.000';
    expect(await clickhouse.store.rows('control-messages-lost', { tenant: 'main', since })).toEqual([
      { source: 'lost', partition: 't/0', positions: '100', noticed: expect.any(String) },
    ]);
    expect(await clickhouse.store.rows('control-messages-lost-evidence', { tenant: 'main', source: 'lost' })).toHaveLength(1);
    expect(
      await ledger.settle({
        partition: 't/1',
        storedTo: -1,
        storedMark: '',
        epoch: 1,
        planned: { first: 0, last: 4, plannedAt: Date.now(), firstMark: 'x', lastMark: 'y' },
      }),
    ).toBe(0);
  });
});

describe('a topic that was deleted and made anew', () => {
  it('is told by its messages, and read from its beginning under another name', async () => {
    if (kafka().kind === 'mock') return expect(kafka().server).toBeUndefined();
    const truth = noTruth();
    await kafka().createTopic('anew', 1);
    await kafka().produce('anew', usageMessages(truth, random, { count: 40, partitions: 1, series: 3 }));
    const first = await start('anew', 'topics: [anew], format: weir-json');
    await untilRead('anew', 40);
    await first.stop();
    // Longer than the one before it: its offsets alone do not tell.
    await kafka().deleteTopic('anew');
    await kafka().createTopic('anew', 1);
    await kafka().produce('anew', usageMessages(truth, random, { count: 70, partitions: 1, series: 4 }));
    const second = await start('anew', 'topics: [anew], format: weir-json');
    await untilRead('anew', 110);
    await second.stop();
    // Shorter than the one before it.
    await kafka().deleteTopic('anew');
    await kafka().createTopic('anew', 1);
    await kafka().produce('anew', usageMessages(truth, random, { count: 20, partitions: 1, series: 5 }));
    await start('anew', 'topics: [anew], format: weir-json');
    await untilRead('anew', 130);
    await expectStoredOnce(clickhouse.store, 'anew', truth);
    expect(
      await clickhouse.store.select(
        "SELECT partition, count() AS rows FROM weir.usage WHERE source = 'anew' GROUP BY partition ORDER BY partition",
      ),
    ).toEqual([
      { partition: 'anew/0', rows: '40' },
      { partition: 'anew/0#1', rows: '70' },
      { partition: 'anew/0#2', rows: '20' },
    ]);
  });
});

describe('messages that are no records', () => {
  it('are rejected with their place, and the partition goes on', async () => {
    await kafka().createTopic('bad', 1, { 'max.message.bytes': '30000000' });
    const truth = noTruth();
    const good = (): string => usageJson(truth, truth.rows, random, 1, 0);
    await kafka().produce('bad', [
      { value: good() },
      { value: '' },
      { value: null, key: 'gone' },
      { value: Buffer.from([0xff, 0xfe, 0x7b, 0x7d]) },
      { value: good().slice(0, 40) },
      { value: Buffer.concat([Buffer.from('{"leg":"'), Buffer.alloc(20_000_000, 97), Buffer.from('"}')]) },
      { value: `${good()}\n${good()}` },
      { value: '   \n' },
      { value: good() },
    ]);
    await start('bad', 'topics: [bad], format: weir-json');
    await untilRead('bad', 9);
    expect((await rejects('bad')).map(({ position, reason, detail }) => [position, reason, detail])).toEqual([
      ['1', 'unreadable', expect.stringMatching(/empty|without a value/)],
      ['2', 'unreadable', 'a message without a value (tombstone)'],
      ['3', 'bad_encoding', 'not UTF-8'],
      ['4', 'unreadable', 'not JSON'],
      ['5', 'too_long', 'longer than 1048576 bytes'],
      ['6', 'unreadable', 'not JSON'],
      ['7', 'unreadable', 'a message without a record'],
    ]);
    const [row] = await clickhouse.store.select("SELECT count() AS rows FROM weir.usage WHERE source = 'bad'");
    expect(row).toEqual({ rows: '2' });
  });
});

describe('every compression', () => {
  it.each(['lz4', 'snappy', 'gzip', 'zstd'] as const)('%s is read, or said to be missing from the library', async (codec) => {
    // The broker compresses anew what it is given otherwise.
    const truth = noTruth();
    const topic = `codec-${codec}`;
    await kafka().createTopic(topic, 1, { 'compression.type': codec });
    await kafka().produce(topic, usageMessages(truth, random, { count: 300, partitions: 1 }));
    const one = await start(topic, `topics: [${topic}], format: weir-json`);
    if (kafka().kind !== 'mock' && !(await hasCodec(codec))) {
      await until(() => one.troubles.some((text) => /not implemented|ecompress/i.test(text)), `the missing ${codec} is not said`, 60_000);
      // Not passed over: it can be read once the library has been built with it.
      await until(() => one.facts.some(({ lag }) => lag === 300), 'its messages do not stand as waiting');
      return expect(await read(topic)).toBe(0);
    }
    await untilRead(topic, 300);
    await expectStoredOnce(clickhouse.store, topic, truth);
  });
});

describe('a topic for dead letters', () => {
  const mapping =
    "mapping: { format: json, kind: usage, columns: { session_id: n, node: { message: key }, route: { message: 'header:route' }, start_time: { message: timestamp } } }";

  it('gets what is rejected, with its bytes, key, time and headers, why, and where it stood', async () => {
    for (const topic of ['dead', 'dead-letters']) await kafka().createTopic(topic, 1, { 'max.message.bytes': '2000000' });
    const timestamp = Date.UTC(2026, 10, 2, 7);
    const at = { timestamp, partition: 0 };
    await kafka().produce('dead', [
      { ...at, value: '{"n":"first"}', key: 'msc-1' },
      { ...at, value: '{"n":"hal', key: 'msc-2', headers: { route: 'r7' } },
      { ...at, value: null, key: 'msc-3' },
      { ...at, value: '{"n":"no time"}', timestamp: 1 },
      { ...at, value: Buffer.alloc(1_500_000, 97), key: 'large' },
    ]);
    await start('dead', `topics: [dead], deadLetterTopic: dead-letters, ${mapping}`);
    await untilRead('dead', 5);
    const letters = await kafka().readAll('dead-letters', kafka().kind === 'mock' ? 4 : 1);
    const found = new Map(letters.map((letter) => [letter.headers['weir-offset'], letter]));
    expect([...found.keys()].sort()).toEqual(['1', '2', '3', '4']);
    expect(found.get('3')).toMatchObject({ key: '', headers: { 'weir-step': 'process', 'weir-field': 'start_time' } });
    expect(found.get('1')).toEqual({
      key: 'msc-2',
      value: Buffer.from('{"n":"hal'),
      timestamp,
      headers: {
        'weir-id': 'main/dead/dead/0/1',
        'weir-reason': 'unreadable',
        'weir-step': 'decode',
        'weir-field': '',
        'weir-detail': 'not JSON',
        'weir-source': 'dead',
        'weir-topic': 'dead',
        'weir-partition': '0',
        'weir-offset': '1',
        'weir-record': '0',
        route: 'r7',
      },
    });
    expect(found.get('2')).toMatchObject({ key: 'msc-3', value: Buffer.alloc(0) });
    // Cut in the table, whole in the topic.
    expect(found.get('4')?.value).toEqual(Buffer.alloc(1_500_000, 97));
  });

  it('that takes no message of that size gets the beginning of it, and the partition goes on', async () => {
    if (kafka().kind === 'mock') return expect(kafka().server).toBeUndefined();
    await kafka().createTopic('wide', 1, { 'max.message.bytes': '2000000' });
    await kafka().createTopic('narrow-letters', 1, { 'max.message.bytes': '100000' });
    // What compresses well would fit; without a line break, which would not belong to the record.
    const noise = Buffer.from(randomBytes(500_000).map((byte) => byte | 0x80));
    await kafka().produce('wide', [
      { value: '{"n":"small', key: 'a' },
      { value: noise, key: 'large', headers: { route: 'r7' } },
      { value: '{"n":"hal', key: 'b' },
    ]);
    await start('wide', `topics: [wide], deadLetterTopic: narrow-letters, ${mapping}`);
    await untilRead('wide', 3);
    const letters = new Map((await kafka().readAll('narrow-letters', 1)).map((letter) => [letter.headers['weir-offset'], letter]));
    expect([...letters.keys()].sort()).toEqual(['0', '1', '2']);
    expect(letters.get('1')?.value?.equals(noise.subarray(0, 65_536))).toBe(true);
    expect(letters.get('1')?.headers).toMatchObject({ 'weir-truncated': '500000', route: 'r7' });
  });

  it('that cannot be written holds the partition; a range that is sent again sends its letters again, with the same identity', async () => {
    if (kafka().kind === 'mock') return expect(kafka().server).toBeUndefined();
    await kafka().createTopic('held', 1);
    await kafka().produce('held', [{ value: 'poison' }, { value: '{"n":"good"}', key: 'k' }]);
    // The answer of the last insert of the batch is lost: the range is read and sent again.
    let lost = false;
    const store: Store = {
      ...clickhouse.store,
      async insertBlock(table, block, token) {
        await clickhouse.store.insertBlock(table, block, token);
        if (table !== 'usage' || lost) return;
        lost = true;
        throw new Error('planned fault');
      },
    };
    await start('held', `topics: [held], deadLetterTopic: held-letters, ${mapping}`, { store });
    await until(
      async () => (await clickhouse.store.select("SELECT 1 FROM weir.rejects WHERE source = 'held'")).length === 1,
      'nothing was planned',
    );
    expect(await read('held')).toBe(0);
    await kafka().createTopic('held-letters', 1);
    await untilRead('held', 2);
    const letters = await kafka().readAll('held-letters', 1);
    expect(letters.length).toBeGreaterThanOrEqual(2);
    expect(new Set(letters.map(({ headers }) => headers['weir-id']))).toEqual(new Set(['main/held/held/0/0']));
    expect(await rejects('held')).toHaveLength(1);
  });
});

describe('many records in a message', () => {
  it('are positions of their own; a message with more than may be is rejected whole', async () => {
    const truth = noTruth();
    await kafka().createTopic('packed', 1);
    const pack = (count: number): string => Array.from({ length: count }, () => usageJson(truth, truth.rows, random, 2)).join('\n');
    const messages = Array.from({ length: 50 }, () => ({ value: pack(100) }));
    await kafka().produce('packed', messages);
    await kafka().produce('packed', [{ value: Array.from({ length: 101 }, () => '{}').join('\n') }]);
    truth.rows++;
    truth.rejected++;
    await kafka().produce('packed', [{ value: pack(7) }]);
    await start('packed', 'topics: [packed], format: weir-json, recordsPerMessage: 100');
    await untilRead('packed', truth.rows);
    await expectStoredOnce(clickhouse.store, 'packed', truth);
    const [reject] = (await rejects('packed')).filter(({ reason }) => reason === 'too_long');
    expect(reject).toMatchObject({ position: '5000', detail: 'more than 100 records in a message' });
  });

  it('may be CSV', async () => {
    await kafka().createTopic('csv', 1);
    await kafka().produce('csv', [
      { value: 'a,2026-11-02T07:00:00Z\nb,2026-11-02T07:00:01Z\n' },
      { value: 'c,"half\n' },
      { value: 'd,2026-11-02T07:00:02Z' },
    ]);
    await start(
      'csv',
      'topics: [csv], recordsPerMessage: 10, mapping: { format: csv, kind: usage, names: [node, at], columns: { node: node, start_time: at } }',
    );
    await untilRead('csv', 4);
    expect(await clickhouse.store.select("SELECT node, position FROM weir.usage WHERE source = 'csv' ORDER BY position")).toEqual([
      { node: 'a', position: '0' },
      { node: 'b', position: '1' },
      { node: 'd', position: '20' },
    ]);
    expect((await rejects('csv')).map(({ position }) => position)).toEqual(['10']);
  });
});
