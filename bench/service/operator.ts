/**
 * An operator's service watched from outside: files of a simulated world go through the real pipeline, detection and the incident desk look
 * at them by a clock that moves with the event time: every half minute where something is planted, else as seldom as is asked for.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { startDetection } from '../../app/detect/start.ts';
import { createIncidentDesk } from '../../app/incidents/desk.ts';
import { createPipelineFacts } from '../../app/incidents/facts.ts';
import { incidentSettings } from '../../app/incidents/settings.ts';
import { createMaintenanceBook } from '../../app/maintenance/book.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { degradationDetectors } from '../../detectors/service/degradation/index.ts';
import { telemetryDetectors } from '../../detectors/service/telemetry/index.ts';
import type { ServicePlan, Truth, World } from '../../simulator/index.ts';
import type { Store } from '../../sql/store.ts';
import { cpuSeconds } from '../process.ts';
import { type History, historyOf, withStore } from './history.ts';
import { openPlant, tenant } from './plant.ts';
import type { Told } from './score.ts';
import { type Spent, timedStore } from './timed-store.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
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
  /** Keeps the history for the next run of the same world. */
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
  /** Where the time of the looks went, the longest first. */
  readonly spent: readonly Spent[];
  readonly failures: readonly string[];
  /** What was said near a fault, for a person who asks why it was missed. */
  readonly why: (truth: Truth) => string;
}

export async function watch(options: WatchOptions): Promise<Watched> {
  const history = await historyOf(options);
  try {
    return await withStore(history.directory, (store, pid) => watched(options, store, pid, history));
  } finally {
    rmSync(history.directory, { recursive: true, force: true });
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
    if (scenario === 'fading' || scenario === 'firmware') for (let at = first; at < end; at += 5 * minute) steps.add(at);
    if (scenario === 'route-fading') for (let n = 10; n < 40; n++) steps.add(first + n * minute);
    for (let n = 0; n < 2; n++) steps.add(Math.ceil(end / minute) * minute + n * 5 * minute);
  }
  return [...steps].filter((at) => at > begin && at <= to).sort((a, b) => a - b);
}

async function watched(options: WatchOptions, plain: Store, pid: () => number, { directory, sequences }: History): Promise<Watched> {
  const { store, spent: spentOnCalls } = timedStore(plain);
  const { world, plan, begin, onProgress } = options;
  const plant = await openPlant({
    ...{ store: plain, world, inbox: join(directory, 'in'), from: begin, scenarios: plan.scenarios, sequences },
  });
  await plant.refresh();
  const { settings, clock } = plant;
  const failures: string[] = [];
  const said: { at: number; finding: Finding }[] = [];
  const note = (fields: object, message: string): void => void failures.push(`${message}: ${JSON.stringify(fields)}`);
  const log = pino({ level: 'silent' });
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
    ...{ store, clock, settings, everyMs: 0, seriesMs: 600_000 },
    log: { info: () => undefined, warn: note, error: note },
    definitions: [...degradationDetectors, ...telemetryDetectors],
    ...(options.fast ? { detectors: [] } : {}),
    onFindings: async (findings) => {
      said.push(...findings.map((finding) => ({ at: clock.now(), finding })));
      await desk.take(findings);
    },
  });
  spentOnCalls();
  let looks = 0;
  let watchedTo = begin;
  let spent = 0;
  let work = 0;
  const spentOn = { files: 0, looks: 0 };
  try {
    for (const at of stepsOf(options)) {
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
      spent += performance.now() - look;
      spentOn.looks += performance.now() - look;
      work += cpuSeconds(pid()) + cpuSeconds(process.pid) - worked;
      if (at % day === 0 || looks % 100 === 0)
        onProgress(
          `day ${((at - begin) / day).toFixed(2)}: ${told.size} incidents, ${detection.firing().length} findings stand; ${(spentOn.files / 1000).toFixed(0)} s files, ${(spentOn.looks / 1000).toFixed(0)} s looks`,
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
      lookWorkMs: (1000 * work) / looks,
      spent: spentOnCalls(),
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
