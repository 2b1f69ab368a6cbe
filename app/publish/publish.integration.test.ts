/** Findings and incidents to topics, with a real ClickHouse and a real Kafka. */
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/finding.ts';
import { defaultIncidentSettings } from '../../incidents/settings.ts';
import { findingOf } from '../../incidents/testing/finding.ts';
import type { Store } from '../../sql/store.ts';
import { withClickHouse } from '../../test/clickhouse.ts';
import { type TestKafka, withKafka } from '../../test/kafka.ts';
import { until } from '../../test/support/processes.ts';
import { createClaim } from '../claim.ts';
import { findingRow, findingToken } from '../detect/write.ts';
import { createIncidentDesk } from '../incidents/desk.ts';
import { startOutbox } from '../outbox/outbox.ts';
import { topicDelivery, topicTarget } from '../outbox/target.ts';
import { createPublisher } from '../pipeline/publisher.ts';
import { parseSettings } from '../settings/load.ts';
import { startFindingsPublisher } from './findings.ts';

const clickhouse = withClickHouse();
const kafka = withKafka();
const log = pino({ level: 'silent' });
const clock = { now: () => Date.now() };

const publisherOf = () => createPublisher(parseSettings(`kafka: { brokers: '${kafka().brokers}' }`, 'weir.yaml').kafka, '', log);

type Sent = Awaited<ReturnType<TestKafka['readAll']>>;
const idsOf = (sent: Sent): string[] => sent.map(({ headers }) => headers['weir-id'] ?? '');

const partitions = (): number => (kafka().kind === 'mock' ? 4 : 2);

async function untilSent(topic: string, messages: number): Promise<Sent> {
  let sent: Sent = [];
  await until(async () => {
    sent = await kafka().readAll(topic, partitions());
    return sent.length >= messages;
  }, `${topic} has not got ${messages} messages`);
  return sent;
}

const storeFinding = (finding: Finding): Promise<void> => clickhouse.store.insert('findings', [findingRow(finding)], findingToken(finding));

describe('findings', () => {
  it('are published as their JSON, once each while nothing fails, those of one key in order', async () => {
    const tenant = 'found';
    await kafka().createTopic('findings', partitions());
    const publisher = publisherOf();
    const started = startFindingsPublisher({ store: clickhouse.store, clock, tenant, topic: 'findings', publisher, log, pollMs: 50 });
    const said = Array.from({ length: 30 }, (_, index) =>
      findingOf({ tenant, finding_key: `key-${index % 3}`, detected_at: new Date(Date.now() + index).toISOString() }),
    );
    for (const finding of said) await storeFinding(finding);
    started.wake();
    const sent = await untilSent('findings', 30);
    await started.stop();
    await publisher.close();
    expect(sent).toHaveLength(30);
    expect(new Set(idsOf(sent)).size).toBe(30);
    for (const key of ['key-0', 'key-1', 'key-2'])
      expect(sent.filter((message) => message.key === key).map(({ value }) => JSON.parse(String(value)))).toEqual(
        said.filter(({ finding_key }) => finding_key === key),
      );
  });

  it('whose sending was not noted are sent again, with the same identity', async () => {
    const tenant = 'noted';
    await kafka().createTopic('again', partitions());
    await storeFinding(findingOf({ tenant, finding_key: 'a', detected_at: new Date().toISOString() }));
    const publisher = publisherOf();
    let fails = true;
    const store: Store = {
      ...clickhouse.store,
      insert: (table, rows, token) => {
        if (table !== 'publications' || !fails) return clickhouse.store.insert(table, rows, token);
        fails = false;
        return Promise.reject(new Error('killed before it was noted'));
      },
    };
    const started = startFindingsPublisher({ store, clock, tenant, topic: 'again', publisher, log, pollMs: 50 });
    const sent = await untilSent('again', 2);
    await started.stop();
    await publisher.close();
    expect(sent).toHaveLength(2);
    expect(new Set(idsOf(sent)).size).toBe(1);
  });
});

describe('incidents', () => {
  it('are delivered to a topic by the outbox, each transition, in order within the incident', async () => {
    const tenant = 'told';
    await kafka().createTopic('incidents', partitions());
    const publisher = publisherOf();
    const desk = createIncidentDesk({ store: clickhouse.store, clock, tenant, settings: defaultIncidentSettings, log });
    const outbox = startOutbox({
      store: clickhouse.store,
      clock,
      tenant,
      endpoints: [],
      targets: [{ target: topicTarget('incidents', 5), deliver: topicDelivery(publisher, 'incidents') }],
      log,
      claim: createClaim({ store: clickhouse.store, clock, tenant }),
      owner: 'one',
      pollMs: 50,
    });
    const opened = await Promise.all(
      ['a', 'b', 'c'].map((key) => desk.take([findingOf({ tenant, finding_key: key, scope: { source: key } })])),
    ).then((all) => all.flat());
    expect(opened.length).toBeGreaterThanOrEqual(3);
    for (const { incident_id } of opened) {
      await desk.act(incident_id, { type: 'acknowledge', actor: 'ana' });
      await desk.act(incident_id, { type: 'resolve', actor: 'ana' });
    }
    outbox.wake();
    const sent = await untilSent('incidents', opened.length * 3);
    await outbox.stop();
    await publisher.close();
    for (const { incident_id } of opened) {
      const told = sent.filter(({ key }) => key === incident_id);
      expect(idsOf(told)).toEqual([1, 2, 3].map((sequence) => `${incident_id}_${sequence}`));
      expect(told.map(({ value }) => (JSON.parse(String(value)) as { type: string }).type)).toEqual([
        'incident.opened',
        'incident.acknowledged',
        'incident.resolved',
      ]);
    }
  });
});
