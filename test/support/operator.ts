/**
 * A whole Weir with the simulated operator in it, for tests that look at everything at once: three weeks of history through the real pipeline into a
 * real ClickHouse, judged by the real detection, folded into incidents, the last days reconciled, and the API on a port of its own.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { freePort } from '../../app/api/listen.ts';
import { writeSimulatedFile } from '../../app/demo/writer.ts';
import { startDetection } from '../../app/detect/start.ts';
import { startExperience } from '../../app/experience/loop.ts';
import { createIncidentDesk } from '../../app/incidents/desk.ts';
import { createPipelineFacts } from '../../app/incidents/facts.ts';
import { incidentSettings } from '../../app/incidents/settings.ts';
import { completeFile, takeFile } from '../../app/pipeline/file-job.ts';
import { formatOf } from '../../app/pipeline/format-of.ts';
import { openPipeline, type PipelineSource } from '../../app/pipeline/pipeline.ts';
import type { StandingReceipt } from '../../app/pipeline/receipts.ts';
import { startReconciling } from '../../app/reconcile/loop.ts';
import { apiRole } from '../../app/roles/api.ts';
import { demoOffset } from '../../app/roles/demo.ts';
import { parseSettings } from '../../app/settings/load.ts';
import { agreementsOf, startAgreements } from '../../app/sla/loop.ts';
import { kpiPort } from '../../app/slo/kpi-catalogue.ts';
import { startObjectives } from '../../app/slo/loop.ts';
import { objectivesOf } from '../../app/slo/settings.ts';
import type { Settings } from '../../core/settings/index.ts';
import { createWorld, demoScenarios, feedSettings, history, type SimulatedFile } from '../../simulator/index.ts';
import { analyst } from '../../sql/analyst.ts';
import { startClickHouse, type TestClickHouse } from '../clickhouse.ts';

const hour = 3_600_000;
const day = 24 * hour;

export interface Operator {
  readonly clickhouse: TestClickHouse;
  readonly settings: Settings;
  /** Of the API, and the token of its owner. */
  readonly url: string;
  readonly token: string;
  /** First and last instant of the history, ms. */
  readonly from: number;
  readonly to: number;
  stop(): Promise<void>;
}

/** One detector over series: each takes about as long to catch up with the history as everything else together. */
const left = [
  ...['network_volume', 'data_volume', 'answer_ratio', 'setup_delay', 'mean_charge', 'call_duration'],
  ...['device_readings', 'device_gauge', 'lifecycle_steps', 'lifecycle_success'],
];
const yaml = (port: number, folder: string): string =>
  `slo: { directory: ${JSON.stringify(join(folder, 'slo'))} }\nsla: { directory: ${JSON.stringify(join(folder, 'sla'))} }\ntenant: demo\ncountry: US\ncurrency: USD\nhttp: { port: ${port} }\ndetectors: { ${left.map((name) => `${name}: { enabled: false }`).join(', ')} }\n`;

/** An objective in OpenSLO: calls delivered, by the KPI catalogue. */
const objective = `apiVersion: openslo/v1
kind: SLO
metadata: { name: voice-ner, displayName: Calls delivered }
spec:
  service: voice
  indicator: { metadata: { name: ner }, spec: { ratioMetric: { rawType: success, raw: { metricSource: { type: kpi, spec: { kpi: ner } } } } } }
  timeWindow: [{ duration: 7d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.98 }]
`;

/** Two agreements, one in each direction: calls delivered, hour by hour, and a promise that nobody keeps. */
const agreements = `apiVersion: weir/v1
kind: Agreement
metadata: { name: alder-voice, displayName: Alder Carrier voice }
spec:
  partner: alder-carrier
  direction: they-owe-us
  monthlyCharge: "12000.00"
  validFrom: 2026-01-01
  claimDays: 30
  targets:
    - { name: ner, measure: average, kpi: ner, target: "50", credits: [{ beyond: "50", percent: "5" }] }
    - { name: asr, measure: slices, kpi: asr, slice: 1h, limit: "99.9", target: "99", credits: [{ beyond: "99", percent: "10" }] }
---
apiVersion: weir/v1
kind: Agreement
metadata: { name: beacon-voice, displayName: Beacon Telecom voice }
spec:
  partner: beacon-telecom
  direction: we-owe-them
  monthlyCharge: "900.00"
  validFrom: 2026-01-01
  targets: [{ name: ner, measure: average, kpi: ner, target: "50", credits: [{ beyond: "50", percent: "5" }] }]
`;

interface OperatorOptions {
  /** Of history; detectors over series need 14. */
  readonly days?: number;
  /** Where the data is, and stays: an operator that is there already is used again. Default: a fresh one, which goes with its data. */
  readonly directory?: string;
  /** Told what was done, and how long it took, ms. */
  readonly said?: (step: string, tookMs: number) => void;
}

/** Takes about a minute of two processors. */
export async function startOperator({ days = 16, directory, said = () => undefined }: OperatorOptions = {}): Promise<Operator> {
  const folder = directory ?? mkdtempSync(join(tmpdir(), 'weir-operator-'));
  const objectivesFolder = join(folder, 'objectives');
  const made = join(folder, 'operator.json');
  for (const [name, text] of Object.entries({ slo: objective, sla: agreements })) {
    mkdirSync(join(objectivesFolder, name), { recursive: true });
    writeFileSync(join(objectivesFolder, name, 'voice.yaml'), text);
  }
  const to = Math.floor(Date.now() / hour) * hour;
  const range: Range = existsSync(made) ? JSON.parse(readFileSync(made, 'utf8')) : { from: to - days * day, to };
  const running = await startClickHouse(join(folder, 'data'));
  const port = await freePort('127.0.0.1', 28_180);
  const sources = feedSettings(join(folder, 'inbox'));
  const settings = { ...parseSettings(yaml(port, objectivesFolder), 'test'), sources };
  const log = pino({ level: 'silent' });
  const stop = async (): Promise<void> => {
    await running.stop({ keep: directory !== undefined });
    if (directory === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (!existsSync(made)) await live(running, settings, range, join(folder, 'inbox'), said);
    const { url: at, credentials } = running.server;
    const api = await apiRole(
      {
        ...{ role: 'api', settings, dataDirectory: running.directory, demo: false },
        owner: { url: at, user: 'weir', password: credentials.weir },
        analyst: { url: at, user: 'analyst', password: credentials.analyst },
      },
      log,
      () => undefined,
    );
    const url = api.info['url'] as string;
    const token = readFileSync(`${running.directory}/run/owner.token`, 'utf8').trim();
    if (!existsSync(made)) {
      await workOnOne(url, token);
      writeFileSync(made, JSON.stringify(range));
    }
    return {
      ...{ clickhouse: running, settings, ...range, url, token },
      async stop() {
        await api.stop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Somebody takes one incident from its beginning to its end, as people do. */
async function workOnOne(url: string, token: string): Promise<void> {
  const asked = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { items } = (await asked('/incidents?state=active&limit=10')) as { items: { incident_id: string }[] };
  const last = items.at(-1);
  if (!last) throw new Error('the operator has no incident');
  const path = `/incidents/${last.incident_id}`;
  await asked(`${path}/acknowledge`, {});
  await asked(`${path}/verdict`, { verdict: 'true' });
  await asked(`${path}/resolve`, { note: 'The file came with the next batch.' });
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The history of the operator, and everything that Weir makes of it. */
async function live(
  running: TestClickHouse,
  settings: Settings,
  { from, to }: Range,
  inbox: string,
  said: (step: string, tookMs: number) => void,
): Promise<void> {
  const { store } = running;
  const sources = feedSettings(inbox);
  const log = pino({ level: 'silent' });
  const clock = { now: () => Date.now() };
  let begun = performance.now();
  const done = (step: string): void => {
    said(step, performance.now() - begun);
    begun = performance.now();
  };
  const pipeline = await openPipeline({ store, clock, settings, pseudonymKey: new Uint8Array(32).fill(7), owner: 'test', log });
  const ready = new Map<string, { source: PipelineSource; receipts: StandingReceipt[] }>();
  for (const [name, source] of Object.entries(sources))
    ready.set(name, { source: pipeline.source(name, formatOf(name, source), source.country), receipts: [] });
  const take = async (file: SimulatedFile): Promise<void> => {
    const { source, receipts } = ready.get(file.feed)!;
    const pattern = sources[file.feed]!.sequence?.pattern;
    writeSimulatedFile(inbox, file);
    const path = join(inbox, file.feed, file.name);
    const result = await takeFile(pipeline, {
      source,
      file: await completeFile(path),
      receipts,
      ...(pattern ? { sequencePattern: pattern } : {}),
    });
    if (result.error !== '') throw new Error(`${file.name}: ${result.error}`);
    receipts.push(result.receipt);
    rmSync(path);
  };
  const world = createWorld({ subscribers: 300, eventsPerDay: 2_500, cells: 16, pons: 2, ontsPerPon: 4, offsetMinutes: demoOffset(to) });
  for (const file of history(world, { from, to, scenarios: demoScenarios(to), every: 8 * day })) await take(file);
  done('history');

  const desk = createIncidentDesk({
    store,
    clock,
    tenant: settings.tenant,
    settings: incidentSettings(settings),
    log,
    facts: createPipelineFacts({ store, tenant: settings.tenant, settings, log }),
  });
  const failures: string[] = [];
  // Detection looks by a clock that is moved on, since some of what it does is done once a minute.
  let now = Date.now();
  const quietly = { info: () => undefined, warn: () => undefined, error: (fields: object) => void failures.push(JSON.stringify(fields)) };
  const detection = await startDetection({
    ...{ store, clock: { now: () => now }, settings, everyMs: 0, seriesMs: 600_000 },
    log: quietly,
    onFindings: async (found) => {
      await desk.take(found);
    },
  });
  for (let look = 0; look < 3; look++) {
    await detection.tick();
    now += 61_000;
  }
  await desk.take([]);
  await detection.stop();
  done('detection');
  const reconciling = startReconciling({ store, clock, settings, log, everyMs: 0 });
  await reconciling.look();
  await reconciling.stop();
  done('reconciliation');
  const asked = analyst({ url: running.server.url, password: running.server.credentials.analyst });
  const kpis = kpiPort(store, settings.tenant);
  const judging = await startObjectives({
    ...{ store, clock, settings, log: quietly, kpis, ask: asked.ask, everyMs: 0, learnMs: 60_000 },
    objectives: objectivesOf(settings, kpis, quietly),
    onFindings: async (found) => {
      await desk.take(found);
    },
  });
  await judging.look();
  await judging.stop();
  await asked.close();
  const reporting = startAgreements({
    ...{ store, clock, settings, log: quietly, kpis, everyMs: 0 },
    agreements: agreementsOf(settings, kpis, quietly),
  });
  await reporting.look();
  await reporting.stop();
  done('objectives');
  const experience = startExperience({ store, clock, settings, log, everyMs: 0 });
  await experience.look();
  await experience.stop();
  done('experience');
  if (failures.length > 0) throw new Error(`detection failed: ${failures[0]}`);
}
