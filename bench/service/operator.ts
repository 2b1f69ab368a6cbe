/**
 * An operator's service watched from outside: files of a simulated world go through the real pipeline, detection and the incident desk look
 * at them by a clock that moves with the event time: every half minute where something is planted, else every ten minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { writeSimulatedFile } from '../../app/demo/writer.ts';
import { startDetection } from '../../app/detect/start.ts';
import { createIncidentDesk } from '../../app/incidents/desk.ts';
import { createPipelineFacts } from '../../app/incidents/facts.ts';
import { incidentSettings } from '../../app/incidents/settings.ts';
import { createMaintenanceBook } from '../../app/maintenance/book.ts';
import { completeFile, takeFile } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline, type PipelineSource } from '../../app/pipeline/pipeline.ts';
import type { StandingReceipt } from '../../app/pipeline/receipts.ts';
import { parseSettings } from '../../app/settings/load.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { degradationDetectors } from '../../detectors/service/degradation/index.ts';
import { telemetryDetectors } from '../../detectors/service/telemetry/index.ts';
import {
  feedSettings,
  referenceFiles,
  type ServicePlan,
  type SimulatedFile,
  startRun,
  type Truth,
  type World,
} from '../../simulator/index.ts';
import { migrate } from '../../sql/migrate.ts';
import { startServer } from '../../sql/server/start.ts';
import { connect, type Store } from '../../sql/store.ts';
import type { Told } from './score.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const tenant = 'bench';
/** What the network writes itself, at once, and its devices. */
const feeds = new Set(['msc-1', 'msc-2', 'smsc', 'pgw', 'olt-telemetry']);
/** Time from the closing of a file to the look at it: its transfer, and a moment. */
const afterMs = 7 * second;
/** The desk is asked again so long after a look, as its clock does: what waits for what is above it. */
const heldMs = [3 * second, 11 * second] as const;

export interface WatchOptions {
  readonly world: World;
  readonly plan: ServicePlan;
  /** First instant of the history, first that is watched, end: ms, midnights UTC. */
  readonly from: number;
  readonly begin: number;
  readonly to: number;
  readonly quietMs: number;
  /** Instant of the wall clock at which watching ends, whatever is left, ms. */
  readonly deadline: number;
  /** Without detectors over series. */
  readonly fast: boolean;
  readonly onProgress: (text: string) => void;
}

export interface Watched {
  readonly told: readonly Told[];
  /** Event time up to which it was watched, ms. */
  readonly watchedTo: number;
  readonly series: number;
  readonly devices: number;
  readonly looks: number;
  readonly lookMs: number;
  readonly failures: readonly string[];
  /** What was said near a fault, for a person who asks why it was missed. */
  readonly why: (truth: Truth) => string;
}

export async function watch(options: WatchOptions): Promise<Watched> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-service-'));
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    return await watched(options, store, join(directory, 'in'));
  } finally {
    await store.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Instants at which files are closed: half minutes from a fault on, some after its end, and a grid between. */
export function stepsOf({ plan, begin, to, quietMs }: Pick<WatchOptions, 'plan' | 'begin' | 'to' | 'quietMs'>): readonly number[] {
  const steps = new Set<number>();
  for (let at = begin + quietMs; at <= to; at += quietMs) steps.add(at);
  for (const { truth } of plan.scenarios) {
    const { nature, from, to: end, scenario } = truth();
    if (nature !== 'fault') continue;
    const first = Math.ceil(from / (30 * second)) * 30 * second;
    for (let n = 0; n < 12; n++) steps.add(first + n * 30 * second);
    for (let n = 0; n < 4; n++) steps.add(first + 6 * minute + n * minute);
    if (scenario === 'fading') for (let at = first; at < end; at += 5 * minute) steps.add(at);
    for (let n = 0; n < 2; n++) steps.add(Math.ceil(end / minute) * minute + n * 5 * minute);
  }
  return [...steps].filter((at) => at > begin && at <= to).sort((a, b) => a - b);
}

async function watched(options: WatchOptions, store: Store, inbox: string): Promise<Watched> {
  const { world, plan, from, begin, onProgress } = options;
  const sources = Object.fromEntries(
    Object.entries(feedSettings(inbox, world)).filter(([name]) => feeds.has(name) || name.startsWith('ref-')),
  );
  const settings = { ...parseSettings(`tenant: ${tenant}\ncountry: US\ncurrency: USD\n`, 'bench'), sources };
  let now = from;
  const clock = { now: () => now };
  const failures: string[] = [];
  const said: { at: number; finding: Finding }[] = [];
  const quiet = {
    info: () => undefined,
    warn: (fields: object, message: string) => failures.push(`${message}: ${JSON.stringify(fields)}`),
    error: (fields: object, message: string) => failures.push(`${message}: ${JSON.stringify(fields)}`),
  };
  const log = pino({ level: 'silent' });
  const pipeline = await openPipeline({
    ...{ store, clock, settings, pseudonymKey: new Uint8Array(32).fill(7), owner: 'bench' },
    log,
  });
  const ready = new Map<string, { source: PipelineSource; receipts: StandingReceipt[] }>();
  for (const [name, source] of Object.entries(sources))
    ready.set(name, { source: pipeline.source(name, formatOf(name, source), source.country), receipts: [] });
  const take = async (file: SimulatedFile): Promise<void> => {
    const known = ready.get(file.feed);
    if (!known) return;
    const pattern = sources[file.feed]!.sequence?.pattern;
    writeSimulatedFile(inbox, file);
    const path = join(inbox, file.feed, file.name);
    const result = await takeFile(pipeline, {
      ...{ source: known.source, file: await completeFile(path), receipts: known.receipts },
      ...(pattern ? { sequencePattern: pattern } : {}),
    });
    if (result.error !== '') throw new Error(`${file.name}: ${result.error}`);
    known.receipts.push(result.receipt);
    if (known.receipts.length > 200) known.receipts.shift();
    rmSync(path);
  };
  for (const file of referenceFiles(world, from - 30 * day)) await take(file);
  await pipeline.reference.refresh();
  const run = startRun(world, { from, scenarios: plan.scenarios, feeds: (feed) => feeds.has(feed) });
  const step = async (to: number, flush = false): Promise<void> => {
    const files = [...run.until(to, to - run.now(), flush)];
    now = to + afterMs;
    for (const file of files) await take(file);
  };
  for (let at = from + day; at <= begin; at += day) await step(at, true);
  onProgress(`history of ${(begin - from) / day} days is stored`);

  const book = createMaintenanceBook({ store, clock, tenant });
  for (const { matchers, from: startsAt, to: endsAt } of plan.maintenance)
    await book.add({ kind: 'window', matchers, startsAt, endsAt, reason: 'planned work' }, 'bench');
  const told = new Map<string, Told>();
  const desk = createIncidentDesk({
    ...{ store, clock, tenant, log },
    settings: incidentSettings(settings),
    facts: createPipelineFacts({ store, tenant, settings, log }),
  });
  desk.subscribe((incident) => {
    told.set(incident.incident_id, toldOf(incident, told.get(incident.incident_id)));
  });
  const detection = await startDetection({
    ...{ store, clock, settings, log: quiet, everyMs: 0, seriesMs: 600_000 },
    definitions: [...degradationDetectors, ...telemetryDetectors],
    ...(options.fast ? { detectors: [] } : {}),
    onFindings: async (findings) => {
      said.push(...findings.map((finding) => ({ at: now, finding })));
      await desk.take(findings);
    },
  });
  let looks = 0;
  let watchedTo = begin;
  let spent = 0;
  const spentOn = { files: 0, looks: 0 };
  try {
    for (const at of stepsOf(options)) {
      if (Date.now() > options.deadline) break;
      watchedTo = at;
      const begun = performance.now();
      await step(at);
      spentOn.files += performance.now() - begun;
      const look = performance.now();
      await detection.tick();
      for (const wait of heldMs) {
        now += wait;
        await desk.take([]);
      }
      looks++;
      spent += performance.now() - look;
      spentOn.looks += performance.now() - look;
      if (at % day === 0)
        onProgress(
          `day ${(at - begin) / day}: ${told.size} incidents, ${detection.firing().length} findings stand; ${(spentOn.files / 1000).toFixed(0)} s files, ${(spentOn.looks / 1000).toFixed(0)} s looks`,
        );
    }
    const series = detection.series().reduce((sum, { part }) => sum + part.state.nodes.size, 0);
    return {
      told: [...told.values()],
      watchedTo,
      series,
      devices: world.ponList.length * world.ontsPerPon * 3,
      looks,
      lookMs: spent / looks,
      failures,
      why: (truth) => whyMissed(truth, said, [...told.values()]),
    };
  } finally {
    await detection.stop();
  }
}

function toldOf(incident: Incident, before: Told | undefined): Told {
  return {
    id: incident.incident_id,
    openedAt: Date.parse(incident.opened_at),
    detector: incident.finding.detector,
    title: incident.title,
    scope: incident.finding.scope,
    customers: Math.max(incident.impact.customers?.count ?? 0, before?.customers ?? 0),
    merged: incident.transition === 'merged' || (before?.merged ?? false),
  };
}

/** What detectors and the desk said while a fault stood: the nearest reason why no incident is at its place. */
function whyMissed({ from, to }: Truth, said: readonly { at: number; finding: Finding }[], told: readonly Told[]): string {
  const near = said.filter(({ at, finding }) => at >= from && at <= to + 20 * minute && finding.state === 'firing');
  const words = [...new Set(near.map(({ finding }) => `${finding.detector} ${JSON.stringify(finding.scope)}`))].slice(0, 4);
  const open = told.filter(({ openedAt }) => openedAt >= from && openedAt <= to + 20 * minute).length;
  return words.length === 0 ? 'no detector fired' : `said: ${words.join(', ')}; ${open} incidents opened meanwhile`;
}
