/**
 * An operator's service watched from outside: files of a simulated world go through the real pipeline, detection and the incident desk look
 * at them by a clock that moves with the event time: every minute where something is planted, else as seldom as is asked for.
 */
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startDetection } from '../../app/detect/start.ts';
import { createIncidentDesk } from '../../app/incidents/desk.ts';
import { createPipelineFacts } from '../../app/incidents/facts.ts';
import { incidentSettings } from '../../app/incidents/settings.ts';
import { createMaintenanceBook } from '../../app/maintenance/book.ts';
import type { Incident } from '../../core/incident.ts';
import { degradationDetectors } from '../../detectors/service/degradation/index.ts';
import { telemetryDetectors } from '../../detectors/service/telemetry/index.ts';
import type { ServicePlan, Truth, World } from '../../simulator/index.ts';
import type { Store } from '../../sql/store.ts';
import { cpuSeconds } from '../process.ts';
import { historyOf, withStore } from './history.ts';
import { openPlant, tenant } from './plant.ts';
import { keepProgress, type Progress, progressOf, type Word } from './progress.ts';
import type { Told } from './score.ts';
import { stepsOf } from './steps.ts';
import { type Spent, timedStore } from './timed-store.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
/** The desk is asked again so long after a look, as its clock does: what waits for what is above it. */
const heldMs = [3 * second, 11 * second] as const;

export interface WatchOptions {
  readonly world: World;
  readonly plan: ServicePlan;
  /** Operator, faults and days in a word: what was watched before goes on only where it is the same. */
  readonly name: string;
  /** First instant of the history, first that is watched, end: ms, midnights UTC. */
  readonly from: number;
  readonly begin: number;
  readonly to: number;
  readonly quietMs: number;
  /** Instant of the wall clock at which watching ends for now, whatever is left, ms. */
  readonly deadline: number;
  /** Without detectors over series. */
  readonly fast: boolean;
  /** Keeps the history for other faults of the same world, and the watch, so that it can go on. */
  readonly keep?: string;
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
  /** Processor time of detection, desk and database during a look, mean ms: what else runs on the machine does not change it much. */
  readonly lookWorkMs: number;
  /** Load averages while it was watched. */
  readonly loads: readonly number[];
  /** Where the time of the looks of this process went, the longest first. */
  readonly spent: readonly Spent[];
  readonly failures: readonly string[];
  /** What was said near a fault, for a person who asks why it was missed. */
  readonly why: (truth: Truth) => string;
}

export async function watch(options: WatchOptions): Promise<Watched> {
  const { keep, name, onProgress } = options;
  const into = keep === undefined ? undefined : join(keep, 'watched');
  const before = into === undefined ? undefined : progressOf(into, name);
  if (into !== undefined && before !== undefined) {
    onProgress(`goes on at ${new Date(before.watchedTo).toISOString()}`);
    return withStore(into, (store, pid) => watched(options, store, pid, into, before));
  }
  const { directory, sequences } = await historyOf({ ...options, ...(into ? { into } : {}) });
  const first: Progress = {
    ...{ name, watchedTo: options.begin, sequences, told: [], words: [], looks: 0, lookMs: 0, workSeconds: 0, loads: [], failures: [] },
  };
  try {
    return await withStore(directory, (store, pid) => watched(options, store, pid, directory, first));
  } finally {
    if (into === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

async function watched(options: WatchOptions, plain: Store, pid: () => number, directory: string, before: Progress): Promise<Watched> {
  const { store, spent: spentOnCalls } = timedStore(plain);
  const { world, plan, begin, keep, onProgress } = options;
  const plant = await openPlant({
    ...{
      store: plain,
      world,
      inbox: join(directory, 'in'),
      from: before.watchedTo,
      scenarios: plan.scenarios,
      sequences: before.sequences,
    },
  });
  await plant.refresh();
  const { settings, clock } = plant;
  const failures: string[] = [...before.failures];
  const words: Word[] = [...before.words];
  const note = (fields: object, message: string): void => void failures.push(`${message}: ${JSON.stringify(fields)}`);
  const log = pino({ level: 'silent' });
  if (before.watchedTo === begin) {
    const book = createMaintenanceBook({ store, clock, tenant });
    for (const { matchers, from: startsAt, to: endsAt } of plan.maintenance)
      await book.add({ kind: 'window', matchers, startsAt, endsAt, reason: 'planned work' }, 'bench');
  }
  const told = new Map<string, Told>(before.told.map((each) => [each.id, each]));
  const desk = createIncidentDesk({
    ...{ store, clock, tenant, log },
    settings: incidentSettings(settings),
    facts: createPipelineFacts({ store, tenant, settings, log }),
  });
  desk.subscribe((incident) => {
    told.set(incident.incident_id, toldOf(incident, told.get(incident.incident_id)));
  });
  await desk.recover();
  const detection = await startDetection({
    ...{ store, clock, settings, everyMs: 0, seriesMs: 600_000 },
    log: { info: () => undefined, warn: note, error: note },
    definitions: [...degradationDetectors, ...telemetryDetectors],
    ...(options.fast ? { detectors: [] } : {}),
    onFindings: async (findings) => {
      for (const { detector, scope, summary, state } of findings)
        if (state === 'firing') words.push({ at: clock.now(), detector, scope, summary });
      await desk.take(findings);
    },
  });
  spentOnCalls();
  let { looks, lookMs, workSeconds, watchedTo } = before;
  const loads = [...before.loads];
  const spentOn = { files: 0, looks: 0 };
  try {
    for (const at of stepsOf(options).filter((each) => each > before.watchedTo)) {
      if (Date.now() > options.deadline) break;
      watchedTo = at;
      const begun = performance.now();
      await plant.step(at);
      spentOn.files += performance.now() - begun;
      const look = performance.now();
      const worked = cpuSeconds(pid()) + cpuSeconds(process.pid);
      await detection.tick();
      for (const wait of heldMs) {
        plant.wait(wait);
        await desk.take([]);
      }
      looks++;
      lookMs += performance.now() - look;
      spentOn.looks += performance.now() - look;
      workSeconds += cpuSeconds(pid()) + cpuSeconds(process.pid) - worked;
      if (looks % 100 === 0) {
        loads.push(loadavg()[0]!);
        onProgress(
          `day ${((at - begin) / day).toFixed(2)}: ${told.size} incidents, ${detection.firing().length} findings stand; ${(spentOn.files / 1000).toFixed(0)} s files, ${(spentOn.looks / 1000).toFixed(0)} s looks, ${((1000 * workSeconds) / looks).toFixed(0)} ms of processor time a look`,
        );
      }
    }
  } finally {
    await detection.stop();
  }
  const series = detection.series().reduce((sum, { part }) => sum + part.state.nodes.size, 0);
  if (keep !== undefined) {
    const { name } = options;
    const sequences = plant.sequences();
    keepProgress(directory, {
      ...{ name, watchedTo, sequences, told: [...told.values()], words, looks, lookMs, workSeconds, loads, failures },
    });
  }
  return {
    told: [...told.values()],
    watchedTo,
    series,
    devices: world.ponList.length * world.ontsPerPon * 3,
    looks,
    lookMs: lookMs / looks,
    lookWorkMs: (1000 * workSeconds) / looks,
    loads,
    spent: spentOnCalls(),
    failures,
    why: (truth) => whyMissed(truth, words, [...told.values()]),
  };
}

function toldOf(incident: Incident, before: Told | undefined): Told {
  return {
    id: incident.incident_id,
    openedAt: Date.parse(incident.opened_at),
    detector: incident.finding.detector,
    title: incident.title,
    scope: incident.finding.scope,
    customers: Math.max(incident.impact.customers?.count ?? 0, before?.customers ?? 0),
    summary: incident.summary,
    merged: incident.transition === 'merged' || (before?.merged ?? false),
  };
}

/** What detectors and the desk said while a fault stood: the nearest reason why no incident is at its place. */
function whyMissed({ from, to }: Truth, words: readonly Word[], told: readonly Told[]): string {
  const near = words.filter(({ at }) => at >= from && at <= to + 20 * minute);
  const said = [...new Set(near.map(({ detector, scope }) => `${detector} ${JSON.stringify(scope)}`))].slice(0, 4);
  const open = told.filter(({ openedAt }) => openedAt >= from && openedAt <= to + 20 * minute).length;
  return said.length === 0 ? 'no detector fired' : `said: ${said.join(', ')}; ${open} incidents opened meanwhile`;
}
