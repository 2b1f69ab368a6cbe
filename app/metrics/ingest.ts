/** Prometheus metrics of the ingest process. Batches are counted, never single records; no label carries an identity. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { BodyAnswer } from '../pipeline/body-job.ts';
import type { FileResult } from '../pipeline/file-job.ts';
import type { PartitionFacts } from '../pipeline/partition-facts.ts';
import type { UnitTotals } from '../pipeline/unit-writer.ts';
import { kafkaGauges } from './kafka-gauges.ts';

export interface IngestMetrics {
  readonly registry: Registry;
  file(source: string, result: FileResult): void;
  look(source: string, facts: { waiting: number; pending: number }): void;
  body(source: string, answer: BodyAnswer): void;
  refused(source: string, code: string): void;
  /** A batch of messages is stored. */
  batch(source: string, totals: UnitTotals): void;
  /** Messages that the topic no longer has and that were never read. */
  lost(source: string, topic: string, messages: number): void;
  partitions(source: string, facts: readonly PartitionFacts[]): void;
  /** Kafka has answered a question of a source; to be called once when the source starts. */
  heard(source: string): void;
}

/** @param role name of the process, the label of each figure */
export function ingestMetrics(role = 'ingest'): IngestMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ role });
  collectDefaultMetrics({ register: registry });
  const of = { registers: [registry] };
  const records = new Counter({
    ...of,
    name: 'weir_ingest_records_total',
    help: 'Positions read, by what became of them',
    labelNames: ['source', 'outcome'],
  });
  const files = new Counter({
    ...of,
    name: 'weir_ingest_files_total',
    help: 'Files taken, by state of their receipt',
    labelNames: ['source', 'state'],
  });
  const waiting = new Gauge({ ...of, name: 'weir_ingest_files_waiting', help: 'Files still being written', labelNames: ['source'] });
  const pending = new Gauge({
    ...of,
    name: 'weir_ingest_files_pending',
    help: 'Complete files not yet taken at the last look',
    labelNames: ['source'],
  });
  const posts = new Counter({
    ...of,
    name: 'weir_ingest_posts_total',
    help: 'Posted batches, by answer',
    labelNames: ['source', 'answer'],
  });
  const lastEvent = new Gauge({
    ...of,
    name: 'weir_ingest_last_event_timestamp_seconds',
    help: 'Latest event time seen, Unix seconds',
    labelNames: ['source'],
  });
  const lost = new Counter({
    ...of,
    name: 'weir_kafka_lost_messages_total',
    help: 'Messages that retention removed before they were read',
    labelNames: ['source', 'topic'],
  });
  const kafka = kafkaGauges(of);
  const count = (source: string, totals: { stored: number; rejected: number; dropped: number }): void => {
    records.inc({ source, outcome: 'stored' }, totals.stored);
    records.inc({ source, outcome: 'rejected' }, totals.rejected);
    records.inc({ source, outcome: 'dropped' }, totals.dropped);
  };
  return {
    registry,
    batch(source, totals) {
      count(source, totals);
      if (totals.eventTo > 0) lastEvent.set({ source }, totals.eventTo / 1000);
    },
    lost: (source, topic, messages) => lost.inc({ source, topic }, messages),
    partitions: kafka.partitions,
    heard: kafka.heard,
    file(source, { state, totals }) {
      files.inc({ source, state });
      if (state !== 'stored') return;
      records.inc({ source, outcome: 'stored' }, totals.stored);
      records.inc({ source, outcome: 'rejected' }, totals.rejected);
      records.inc({ source, outcome: 'dropped' }, totals.dropped);
      if (totals.eventTo > 0) lastEvent.set({ source }, totals.eventTo / 1000);
    },
    look(source, facts) {
      waiting.set({ source }, facts.waiting);
      pending.set({ source }, facts.pending);
    },
    body(source, answer) {
      posts.inc({ source, answer: answer.replayed ? 'replayed' : 'accepted' });
      if (answer.replayed) return;
      records.inc({ source, outcome: 'stored' }, answer.accepted);
      records.inc({ source, outcome: 'rejected' }, answer.rejected);
      records.inc({ source, outcome: 'dropped' }, answer.dropped);
    },
    refused(source, code) {
      posts.inc({ source, answer: code });
    },
  };
}
