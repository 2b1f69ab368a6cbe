/**
 * An ingest process: watched directories, topics, and posted batches that the API hands on over a local socket. Of several the first does
 * all of it, the others read topics alone.
 */
import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { setInterval } from 'node:timers';
import { kafkaLibrary } from '../../ingest/kafka/library.ts';
import { ownerStore, secretFile } from '../clickhouse.ts';
import { openDataDirectory, pseudonymKey, spoolOf } from '../data-directory.ts';
import { ingestMetrics } from '../metrics/ingest.ts';
import { placesOf } from '../pipeline/fetch-places.ts';
import { runFetchSource } from '../pipeline/fetch-source.ts';
import type { FileResult } from '../pipeline/file-job.ts';
import { runFileSource } from '../pipeline/file-source.ts';
import { formatOf } from '../pipeline/format-of.ts';
import type { KafkaLoss } from '../pipeline/kafka-open.ts';
import { runKafkaSource, settingsOf } from '../pipeline/kafka-source.ts';
import type { PartitionFacts } from '../pipeline/partition-facts.ts';
import { openPipeline, type PipelineSource } from '../pipeline/pipeline.ts';
import { serveIngestSocket } from '../pipeline/socket.ts';
import { runSqlSource, sqlPlan } from '../pipeline/sql-source.ts';
import type { UnitTotals } from '../pipeline/unit-writer.ts';
import { processName, type Role } from './role.ts';

/** Reference data is looked at this often, in ms. */
const referenceEveryMs = 5000;

/** Kinds that enrichment holds in memory. */
const referenceKinds = new Set(['partner', 'cell', 'prefix_zone', 'cause_mapping', 'subscription']);

export const ingestRole: Role = async (start, log, say) => {
  const { settings } = start;
  const directory = openDataDirectory(start.dataDirectory);
  const store = ownerStore(start.owner, settings);
  const clock = { now: () => Date.now() };
  const secret = pseudonymKey(directory, settings.pseudonyms.keyFile);
  const pipeline = await openPipeline({
    store,
    clock,
    settings,
    pseudonymKey: secret,
    owner: `${hostname()}:${process.pid}`,
    log,
  });
  const refreshReference = (): void => {
    pipeline.reference.refresh().catch((error: Error) => log.warn({ error: error.message }, 'reference data not refreshed'));
  };
  const { number = 1 } = start;
  const ownName = processName(start.role, number);
  const metrics = ingestMetrics(ownName);
  const stopping = new AbortController();
  const posted = new Map<string, PipelineSource>();
  const { kafka } = settings;
  const password = kafka.passwordFile ? secretFile(kafka.passwordFile) : '';
  // Settings that are refused stop the start.
  if (
    Object.values(settings.sources).some((source) =>
      'deadLetterTopic' in source ? source.deadLetterTopic : 'publishTo' in source ? source.publishTo : '',
    )
  )
    pipeline.publisher();
  const running: Promise<void>[] = [];
  for (const [name, source] of Object.entries(settings.sources)) {
    if (number > 1 && source.type !== 'kafka') continue;
    const ready = pipeline.source(name, formatOf(name, source), source.country);
    if (source.type === 'http') {
      posted.set(name, ready);
      continue;
    }
    if (source.type === 'kafka') {
      const given = {
        pipeline,
        source: ready,
        settings: source,
        kafka,
        password,
        log,
        signal: stopping.signal,
        onBatch: (totals: UnitTotals) => metrics.batch(name, totals),
        onLoss: (loss: KafkaLoss) => metrics.lost(name, loss.topic, loss.to - loss.from + 1),
        onFacts: (facts: readonly PartitionFacts[]) => metrics.partitions(name, facts),
        onHeard: () => metrics.heard(name),
      };
      // Settings that are refused stop the start; everything later is tried again.
      settingsOf(given);
      metrics.heard(name);
      const run = kafkaLibrary((text) => log.info(text)).then((library) => runKafkaSource({ ...given, library }));
      running.push(run.catch((error: Error) => log.error({ source: name, error: error.message }, 'kafka source cannot run')));
      continue;
    }
    const taken = {
      pipeline,
      source: ready,
      log,
      signal: stopping.signal,
      onFile: (result: FileResult) => {
        metrics.file(name, result);
        // The next file may need what this one said: a cell, a partner, a prefix.
        if (referenceKinds.has(ready.kind.name)) refreshReference();
        const { receipt, state, totals, error } = result;
        log.info(
          { source: name, file: receipt.name, state, read: totals.read, rejected: totals.rejected, error: error || undefined },
          'file taken',
        );
        say({ name: 'file', fields: { source: name, file: receipt.name, state, read: totals.read } });
      },
      onLook: (facts: { waiting: number; pending: number }) => metrics.look(name, facts),
    };
    if (source.type === 'file') {
      running.push(runFileSource({ ...taken, settings: source }));
      continue;
    }
    if (source.type === 'sql') {
      // Settings that are refused stop the start; everything later is tried again.
      sqlPlan(name, source);
      const { onLook, ...rest } = taken;
      running.push(runSqlSource({ ...rest, settings: source, environment: process.env, spool: spoolOf(directory, name), secret }));
      continue;
    }
    const places = placesOf(name, source, process.env);
    running.push(runFetchSource({ ...taken, settings: source, places, spool: spoolOf(directory, name) }));
  }
  const socket = await serveIngestSocket({ path: `${directory.run}/${ownName}.sock`, pipeline, sources: posted, metrics, log });
  const refresh = setInterval(refreshReference, referenceEveryMs);
  return {
    info: { socket: socket.path },
    async stop() {
      clearInterval(refresh);
      stopping.abort();
      await socket.stop();
      await Promise.allSettled(running);
      await pipeline.close();
      await store.close();
      rmSync(socket.path, { force: true });
    },
  };
};
