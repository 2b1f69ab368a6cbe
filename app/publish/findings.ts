/**
 * Publishes findings to a topic, each as the JSON of docs/findings, in the order in which they were stored, at least once: what was sent is
 * noted behind it in `publications`, so a crash in between sends again, with the same `weir-id`. Kafka that is away holds up nothing
 * but itself: the table of findings is the queue.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { writeInstant } from '../../core/row.ts';
import type { OutgoingMessage } from '../../ingest/kafka/producer.ts';
import type { Store } from '../../sql/store.ts';
import { newAlarm } from '../outbox/alarm.ts';
import { readSince } from '../outbox/deliveries.ts';
import type { Lease } from '../outbox/lease.ts';
import type { Publisher } from '../pipeline/publisher.ts';

export interface FindingsPublisherOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenant: string;
  readonly topic: string;
  readonly publisher: Publisher;
  readonly log: Pick<Logger, 'warn'>;
  /** Where several processes may run. */
  readonly lease?: Lease;
  /** How often new findings are looked for without being woken, ms. Default 1,000. */
  readonly pollMs?: number;
  /** How old a finding may be that a new topic still gets, ms. Default an hour. */
  readonly backlogMs?: number;
  readonly onPublished?: (findings: number) => void;
}

export interface FindingsPublisher {
  /** Something was stored: look at once. */
  wake(): void;
  /** Begins nothing new and resolves when what was begun has ended. */
  stop(): Promise<void>;
}

interface FindingRow {
  readonly finding_key: string;
  readonly state: string;
  readonly detected_ms: string;
  readonly body: string;
}

const pageRows = 500;
/** How much older than the newest one a finding may be that comes late, ms; everything is looked through again now and then. */
const latenessMs = 900_000;
const rescanMs = 600_000;
const pauseAfterErrorMs = 2000;

/** Identity of one word on a finding, the same whenever it is sent. */
const idOf = ({ finding_key, detected_ms, state }: FindingRow): string => `${finding_key}/${detected_ms}/${state}`;

/** @example messageOf({ finding_key: 'a', state: 'firing', detected_ms: '5', body: '{}' }).key // 'a' */
export function messageOf(row: FindingRow): OutgoingMessage {
  return { key: row.finding_key, value: Buffer.from(row.body), headers: [['weir-id', idOf(row)]] };
}

/** Starts to publish. */
export function startFindingsPublisher(options: FindingsPublisherOptions): FindingsPublisher {
  const { store, clock, tenant, topic, publisher, log, lease } = options;
  const alarm = newAlarm();
  let stopped = false;
  let since = 0;
  let from = 0;
  let scannedAt = Number.NEGATIVE_INFINITY;

  /** Publishes one page; true when there may be more. */
  async function turn(): Promise<boolean> {
    if (lease && (await lease.heldUntil()) === 0) {
      scannedAt = Number.NEGATIVE_INFINITY;
      return false;
    }
    if (clock.now() - scannedAt >= rescanMs) {
      since = await readSince(store, tenant, `topic:${topic}`, clock.now(), options.backlogMs ?? 3_600_000);
      from = since;
      scannedAt = clock.now();
    }
    const rows = await store.rows<FindingRow>('findings-to-publish', { tenant, topic, from: writeInstant(from), limit: pageRows });
    if (rows.length === 0) return false;
    await publisher.send(topic, rows.map(messageOf));
    const published = rows.map(({ finding_key, state, detected_ms }) => ({
      tenant,
      topic,
      finding_key,
      state,
      detected_at: writeInstant(Number(detected_ms)),
      published_at: writeInstant(clock.now()),
    }));
    await store.insert('publications', published, `${tenant}/${topic}/${idOf(rows[0] as FindingRow)}/${rows.length}`);
    options.onPublished?.(rows.length);
    from = Math.max(since, Number(rows.at(-1)?.detected_ms) - latenessMs);
    return rows.length === pageRows;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      let pauseMs = options.pollMs ?? 1000;
      try {
        if (await turn()) pauseMs = 0;
      } catch (error) {
        log.warn({ topic, error: error instanceof Error ? error.message : String(error) }, 'findings could not be published; tried again');
        pauseMs = pauseAfterErrorMs;
      }
      if (!stopped && pauseMs > 0) await alarm.sleep(pauseMs);
    }
  }

  const running = run();
  return {
    wake: () => alarm.ring(),
    stop: () => {
      stopped = true;
      alarm.ring();
      return running;
    },
  };
}
