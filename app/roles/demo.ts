/**
 * The simulated operator beside a demo Weir: writes five weeks of history into the watched directories, then streams. Weir sees files,
 * as it would anybody's; nothing of the simulation reaches it another way.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createWorld,
  demoHistory,
  demoLead,
  demoScenarios,
  demoSpeed,
  demoStep,
  eventTimeAt,
  history,
  referenceFiles,
  startRun,
} from '../../simulator/index.ts';
import type { Store } from '../../sql/store.ts';
import { ownerStore, secretFile } from '../clickhouse.ts';
import { openDataDirectory } from '../data-directory.ts';
import { startReceiver } from '../demo/receiver.ts';
import { readDemoState, writeDemoState } from '../demo/settings.ts';
import { writeSimulatedFile } from '../demo/writer.ts';
import type { Role, RoleEvent } from './role.ts';

/** Above this size of the data directory the demo stops streaming, in bytes. */
const sizeCap = 2 * 2 ** 30;
const sizeEveryMs = 60_000;
/** Length of a file of the history: what costs time is the number of files. */
const historyFileMs = 2 * 86_400_000;
/** Longest pause that is caught up after a restart; older event time is skipped. */
const longestGap = 7 * 86_400_000;

export const demoRole: Role = async (start, log, say) => {
  const { settings } = start;
  const directory = openDataDirectory(start.dataDirectory);
  const inbox = join(directory.root, 'inbox');
  const store = ownerStore(start.owner, settings);
  const webhook = settings.webhooks[0];
  const receiver =
    webhook &&
    (await startReceiver({
      url: webhook.url,
      secret: secretFile(webhook.secretFile ?? ''),
      file: join(directory.root, 'webhooks.ndjson'),
      onWebhook: ({ id, type, title }) => say({ name: 'webhook', fields: { id, type, title } }),
    }));
  const stopping = new AbortController();
  let state = readDemoState(directory);
  const startedAt = state?.startedAt ?? Date.now();
  const to = Math.floor((startedAt - demoLead) / demoStep) * demoStep;
  const world = createWorld({ offsetMinutes: demoOffset(to) });
  // One list for history and stream: a scenario counts what it took.
  const scenarios = demoScenarios(to);
  if (!state) {
    const begun = performance.now();
    for (const file of referenceFiles(world, to - demoHistory)) writeSimulatedFile(inbox, file);
    await stored(store, settings.tenant, inbox, stopping.signal, say);
    const files = history(world, { from: to - demoHistory, to, scenarios, reference: false, every: historyFileMs });
    let written = 0;
    let next = files.next();
    while (!next.done) {
      writeSimulatedFile(inbox, next.value);
      written++;
      if (written % 10 === 0) {
        say({ name: 'history', fields: { files: written, to: next.value.to, from: to - demoHistory, until: to } });
        // Lets the process answer, and the ingest process keep up, so that the whole history never lies on disk.
        await sleep(5);
      }
      next = files.next();
    }
    const taken = await stored(store, settings.tenant, inbox, stopping.signal, say);
    state = { startedAt, writtenTo: to, sequences: next.value.sequences() };
    writeDemoState(directory, state);
    say({ name: 'history-done', fields: { records: taken, files: written, seconds: Math.round((performance.now() - begun) / 100) / 10 } });
  }
  const streaming = stream(state).catch((error: Error) => log.error({ error: error.message }, 'the demo stream ended'));

  async function stream({ writtenTo, sequences }: NonNullable<typeof state>): Promise<void> {
    const from = Math.max(writtenTo, Math.floor((Date.now() - longestGap) / demoStep) * demoStep);
    const run = startRun(world, { from, scenarios, sequences });
    const pace = { startedAt: Date.now(), from, speed: demoSpeed };
    let measured = 0;
    while (!stopping.signal.aborted) {
      await sleep(1000, undefined, { signal: stopping.signal }).catch(() => undefined);
      const due = Math.floor(eventTimeAt(pace, Date.now()) / demoStep) * demoStep;
      if (due <= run.now()) continue;
      if (Date.now() - measured > sizeEveryMs) {
        measured = Date.now();
        if (sizeOf(directory.root) > sizeCap) {
          say({ name: 'notice', fields: { text: 'the demo has reached 2 GB and streams no more; delete its directory to begin anew' } });
          return;
        }
      }
      for (const file of run.until(due, demoStep)) writeSimulatedFile(inbox, file);
      writeDemoState(directory, { startedAt, writtenTo: run.now(), sequences: run.sequences() });
    }
  }

  return {
    info: { history: state ? 'stored' : 'new' },
    async stop() {
      stopping.abort();
      await streaming;
      receiver?.closeAllConnections();
      receiver?.close();
      await store.close();
    },
  };
};

/** Local hour of the operator at which the live part begins: whenever it is started, its faults lie in busy hours. */
const busyHour = 13;

/** Offset of the operator's clocks from UTC, in minutes, -11 to +12 hours. @example demoOffset(Date.UTC(2026, 10, 20, 18)) // -300 */
export function demoOffset(historyEnd: number): number {
  const hours = busyHour - new Date(historyEnd).getUTCHours();
  return 60 * (hours > 12 ? hours - 24 : hours < -11 ? hours + 24 : hours);
}

/** Waits until nothing that was written lies in the inbox, and returns how many records are stored. */
async function stored(store: Store, tenant: string, inbox: string, signal: AbortSignal, say: (event: RoleEvent) => void): Promise<number> {
  let said = 0;
  for (let left = filesIn(inbox); left > 0 && !signal.aborted; left = filesIn(inbox)) {
    if (performance.now() - said > 1000) {
      said = performance.now();
      say({ name: 'history-left', fields: { files: left } });
    }
    await sleep(100);
  }
  const [row] = await store.rows<{ stored: string }>('demo-stored', { tenant });
  return Number(row?.stored ?? 0);
}

function filesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

/** Bytes of the files below a folder. ClickHouse makes and removes folders all the time: what is gone meanwhile counts nothing. */
function sizeOf(folder: string): number {
  let size = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) size += sizeOf(path);
      else if (entry.isFile()) size += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // Merged away between two calls.
  }
  return size;
}
