/** What goes wrong around a topic, and what becomes of its records then: docs/kafka.md says it, this shows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../sql/store.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { withKafka } from '../../test/kafka.ts';
import { type RunningSource, withKafkaSources } from '../../test/support/kafka-source.ts';
import { until } from '../../test/support/processes.ts';
import { expectRollupsEqualBase, expectStoredOnce } from '../../test/support/proof.ts';
import { chosenSeed, seededRandom } from '../../test/support/random.ts';
import { noTruth, usageMessages } from '../../test/support/usage-topic.ts';

const clickhouse = withClickHouse();
const kafka = withKafka();
const random = seededRandom(chosenSeed());
const { start, read, untilRead } = withKafkaSources(clickhouse, kafka);

/** What the mock in place of Kafka cannot do; the run says in its last lines that it was the mock. */
const onlyReal = (): boolean => kafka().kind === 'mock';

describe('a storm of rebalances', () => {
  it('costs no record and makes none twice', async () => {
    const truth = noTruth();
    const partitions = onlyReal() ? 4 : 6;
    await kafka().createTopic('storm', partitions);
    const yaml = 'topics: [storm], format: weir-json';
    await start('storm', yaml);
    const others: RunningSource[] = [];
    for (let round = 0; round < 8; round++) {
      await kafka().produce('storm', usageMessages(truth, random, { first: round * 1500, count: 1500, partitions }));
      if (round % 3 === 2) for (const one of others.splice(0)) await one.stop();
      else others.push(await start('storm', yaml));
      await sleep(random.whole(0, 400));
    }
    await untilRead('storm', truth.rows);
    await expectStoredOnce(clickhouse.store, 'storm', truth);
    await expectRollupsEqualBase(clickhouse.store);
  });
});

describe('retention that has passed what is stored', () => {
  it('is a loss that is said, counted and found; what is still there is read', async () => {
    if (onlyReal()) return expect(kafka().server).toBeUndefined();
    const truth = noTruth();
    await kafka().createTopic('short', 1);
    await kafka().produce('short', usageMessages(truth, random, { count: 300, partitions: 1 }));
    const first = await start('short', 'topics: [short], format: weir-json');
    await untilRead('short', 300);
    await first.stop();
    // 200 more that nobody reads before they are gone, and 100 that stay.
    await kafka().produce('short', usageMessages(noTruth(), random, { first: 300, count: 200, partitions: 1 }));
    await kafka().produce('short', usageMessages(truth, random, { first: 500, count: 100, partitions: 1 }));
    await kafka().deleteRecords('short', 0, 500);
    const second = await start('short', 'topics: [short], format: weir-json');
    await untilRead('short', 400);
    expect(second.losses).toEqual([{ topic: 'short', partition: 0, from: 300, to: 499, why: 'retention' }]);
    await expectStoredOnce(clickhouse.store, 'short', truth);
    const rows = await clickhouse.store.rows('control-messages-lost', { tenant: 'main', since: '2000-01-01 00:00:00.000' });
    expect(rows).toMatchObject([{ source: 'short', partition: 'short/0', positions: '200' }]);
  });

  it('holds for what only the group has committed', async () => {
    if (onlyReal()) return expect(kafka().server).toBeUndefined();
    await kafka().createTopic('taken', 1);
    await kafka().produce('taken', usageMessages(noTruth(), random, { count: 100, partitions: 1 }));
    await kafka().commit('weir-main-taken', 'taken', 0, 20);
    await kafka().deleteRecords('taken', 0, 60);
    const one = await start('taken', 'topics: [taken], format: weir-json');
    await untilRead('taken', 40);
    expect(one.losses).toEqual([{ topic: 'taken', partition: 0, from: 20, to: 59, why: 'retention' }]);
    expect(await clickhouse.store.select("SELECT first, last FROM weir.batches WHERE source = 'taken' AND state = 'lost'")).toEqual([
      { first: '20', last: '59' },
    ]);
  });
});

describe('a clock that jumps', () => {
  it('an hour back and a day ahead changes nothing but the ingest times', async () => {
    const truth = noTruth();
    let offsetMs = 0;
    await kafka().createTopic('jump', 1);
    await start('jump', 'topics: [jump], format: weir-json', { clock: { now: () => Date.now() + offsetMs } });
    for (const [at, jump] of [0, -3_600_000, 86_400_000, 0].entries()) {
      offsetMs = jump;
      await kafka().produce('jump', usageMessages(truth, random, { first: at * 250, count: 250, partitions: 1 }));
      // Less than a batch: it is sent for its age, which must not be told by the clock that jumped.
      await untilRead('jump', truth.rows);
    }
    await expectStoredOnce(clickhouse.store, 'jump', truth);
  });
});

describe('a ClickHouse that cannot take anything', () => {
  it('because its disk is full: Kafka holds the data, and it goes on by itself', async () => {
    const truth = noTruth();
    await kafka().createTopic('full', 1);
    const { store } = clickhouse;
    const free = (bytes: string): Promise<void> =>
      store.command(`ALTER TABLE weir.usage MODIFY SETTING min_free_disk_bytes_to_perform_insert = ${bytes}`);
    await free('1000000000000000');
    try {
      await kafka().produce('full', usageMessages(truth, random, { count: 3000, partitions: 1 }));
      const one = await start('full', 'topics: [full], format: weir-json');
      await until(
        async () => (await store.select("SELECT 1 FROM weir.batches WHERE source = 'full' AND state = 'planned'")).length > 0,
        'nothing was tried',
      );
      await until(() => one.facts.some(({ lag }) => lag === 3000), 'the lag is not shown');
      expect(await read('full')).toBe(0);
    } finally {
      await free('0');
    }
    await untilRead('full', truth.rows);
    await expectStoredOnce(store, 'full', truth);
  });

  it('or is slow: partitions are paused, the poll goes on, and nobody is thrown out of the group', async () => {
    const truth = noTruth();
    const partitions = 4;
    await kafka().createTopic('slow', partitions);
    await kafka().produce('slow', usageMessages(truth, random, { count: 12_000, partitions }));
    const slow: Store = {
      ...clickhouse.store,
      async insertBlock(table, block, token) {
        await sleep(700);
        return clickhouse.store.insertBlock(table, block, token);
      },
    };
    // A poll that stood still for as long as the inserts take would end the membership.
    await start('slow', 'topics: [slow], format: weir-json', {
      store: slow,
      settings: 'ingest: { batchRecords: 1000 }',
    });
    await untilRead('slow', truth.rows);
    await expectStoredOnce(clickhouse.store, 'slow', truth);
    const [owners] = await clickhouse.store.select("SELECT uniqExact(epoch) AS epochs FROM weir.batches WHERE source = 'slow'");
    expect(owners).toEqual({ epochs: '1' });
  });
});
