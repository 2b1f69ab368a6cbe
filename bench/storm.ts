/**
 * `npm run bench -- storm [--seconds 60] [--rate 1000] [--noise 0]`: an alarm storm through the real incident desk over a real ClickHouse. A network of
 * 256,000 devices behind 8 regions, 64 routers, 256 OLTs and 5,120 PONs; 20 faults of four sizes with 100,300 devices behind them, each device at most
 * once. Findings are stored and handed over every second, as detection does it. Then everything clears.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { findingRow } from '../app/detect/write.ts';
import { createIncidentDesk, type IncidentDesk } from '../app/incidents/desk.ts';
import { createPipelineFacts } from '../app/incidents/facts.ts';
import { incidentSettings } from '../app/incidents/settings.ts';
import { parseSettings } from '../app/settings/load.ts';
import { WeirError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { findingKey } from '../core/key.ts';
import { writeInstant } from '../core/row.ts';
import { defaultPipelineSettings } from '../incidents/pipeline/settings.ts';
import { draws, keyOf, uniform } from '../simulator/random.ts';
import { migrate } from '../sql/migrate.ts';
import { startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';

const tenant = 'bench';
const clock = { now: () => Date.now() };
const quiet = pino({ level: 'warn' });
const shape = [8, 8, 4, 20, 50] as const;
const types = ['region', 'router', 'olt', 'pon', 'ont'] as const;

interface Fault {
  /** Depth of the element: 0 region, 1 router, 2 olt, 3 pon. */
  readonly depth: number;
  readonly name: string;
  readonly devices: readonly string[];
}

export async function benchStorm(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '1000' },
      noise: { type: 'string', default: '0' },
    },
  });
  const [seconds, rate, noise] = [Number(values.seconds), Number(values.rate), Number(values.noise)];
  if (!(seconds >= 1 && rate >= 1 && seconds * rate <= 100_000 && noise >= 0))
    throw new WeirError('usage', '--seconds x --rate wants 1 to 100,000, --noise from 0');
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    await bringTopology(store);
    await measured(store, seconds, rate, noise);
  } finally {
    await store.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measured(store: Store, seconds: number, rate: number, noise: number): Promise<void> {
  const settings = parseSettings(`tenant: ${tenant}\n`, 'bench');
  const desk = createIncidentDesk({
    store,
    clock,
    tenant,
    settings: incidentSettings(settings),
    log: quiet,
    facts: createPipelineFacts({ store, tenant, settings, log: quiet }),
  });
  const loaded = performance.now();
  await desk.recover();
  console.log(
    `topology of ${shape.reduce((product, each) => product * each, 1)} devices loaded in ${(performance.now() - loaded).toFixed(0)} ms, resident ${megabytes(process.memoryUsage().rss)} MB`,
  );

  const faults = plantedFaults();
  const opened = new Map<string, Incident>();
  const latest = new Map<string, Incident>();
  const transitions = new Map<string, number>();
  /** When the incident about a fault was stored, ms. */
  const storedAt = new Map<string, number>();
  desk.subscribe((incident) => {
    if (incident.transition === 'opened') {
      opened.set(incident.incident_id, incident);
      storedAt.set(Object.values(incident.finding.scope).join(), Date.now());
    }
    latest.set(incident.incident_id, incident);
    transitions.set(incident.transition, (transitions.get(incident.transition) ?? 0) + 1);
  });

  const order = shuffled(faults.flatMap((fault, at) => fault.devices.map((device) => [device, at] as const)));
  const firstAt = new Map<number, number>();
  /** When so many devices of a fault had been told of that the settings call it a fault, ms. */
  const enoughAt = new Map<number, number>();
  const heard = new Map<number, number>();
  const rounds: number[] = [];
  let peak = 0;
  let told = 0;
  const before = process.memoryUsage().rss;
  const pump = every(500, () => desk.take([]));
  const begun = performance.now();
  for (let second = 0; second < seconds; second++) {
    const devices = order.slice(second * rate, (second + 1) * rate);
    const now = Date.now();
    for (const [, fault] of devices) {
      if (!firstAt.has(fault)) firstAt.set(fault, now);
      const count = (heard.get(fault) ?? 0) + 1;
      heard.set(fault, count);
      if (count === neededOf(faults[fault]!)) enoughAt.set(fault, now);
    }
    const findings = devices.map(([device]) => finding(device, 'firing', now));
    for (let each = 0; each < noise / seconds; each++)
      findings.push(finding(`r7x7o3p${(second + each) % 20}t${second % 50}`, 'firing', now));
    rounds.push(await handOver(store, desk, findings, `storm/${second}`));
    told += findings.length;
    peak = Math.max(peak, process.memoryUsage().rss);
    await sleep(Math.max(0, begun + (second + 1) * 1000 - performance.now()));
  }
  await sleep(31_000);
  const standing = [...latest.values()].filter(({ state }) => state !== 'closed' && state !== 'resolved');
  const right = new Map(standing.map((incident) => [Object.values(incident.finding.scope).join(), incident]));
  const found = faults.filter(({ name }) => right.has(name));
  const since = (instants: ReadonlyMap<number, number>, depth?: number): number[] =>
    faults.flatMap(({ name, depth: own }, at) => {
      const [from, to] = [instants.get(at), storedAt.get(name)];
      return from === undefined || to === undefined || (depth !== undefined && depth !== own) ? [] : [to - from];
    });
  const [delays, late] = [since(firstAt), since(enoughAt)];
  const unaccounted = (await store.rows('incident-undecided', { tenant, from: writeInstant(0), limit: 100_000 })).length;
  const compression = 1 - opened.size / told;
  console.log(`findings ${told} in ${seconds} s, from ${order.length} devices behind ${faults.length} faults`);
  console.log(
    `incidents opened ${opened.size}, standing ${standing.length}; transitions ${[...transitions].map(([name, count]) => `${name} ${count}`).join(', ')}`,
  );
  console.log(
    `compression ${(compression * 100).toFixed(3)} %, faults without their incident ${faults.length - found.length} of ${faults.length} (${
      faults
        .filter((fault) => !found.includes(fault))
        .map(({ name, devices }) => `${name}: ${devices.length} devices`)
        .join('; ') || 'none'
    })`,
  );
  console.log(
    `incidents about something else ${standing.filter((incident) => !faults.some(({ name }) => name === Object.values(incident.finding.scope).join())).length}`,
  );
  console.log(
    `from hand-over to stored: median ${median(rounds).toFixed(0)} ms, worst ${Math.max(...rounds).toFixed(0)} ms a round of ${rate}`,
  );
  console.log(
    `late, from enough evidence (${enough.minimumChildren} devices of a fault, or ${enough.minimumShare * 100} % of them) to the stored incident: median ${seconds1(median(late))}, worst ${seconds1(Math.max(...late))}, of ${late.length} faults`,
  );
  console.log(
    `from the first finding of a fault to its stored incident: median ${seconds1(median(delays))}, worst ${seconds1(Math.max(...delays))}`,
  );
  for (const depth of [0, 1, 2, 3]) {
    const [own, ownLate] = [since(firstAt, depth), since(enoughAt, depth)];
    if (own.length > 0)
      console.log(
        `  ${types[depth]!.padEnd(7)} ${own.length} faults, late at worst ${seconds1(Math.max(...ownLate))}, after the first finding at worst ${seconds1(Math.max(...own))}`,
      );
  }
  console.log(`resident ${megabytes(before)} MB before, ${megabytes(peak)} MB at most; remembered ${JSON.stringify(desk.sizes())}`);
  console.log(`findings without a decision ${unaccounted}`);

  const clearing: number[] = [];
  const all = order.slice(0, seconds * rate);
  for (let start = 0; start < all.length; start += 5_000) {
    const now = Date.now();
    clearing.push(
      await handOver(
        store,
        desk,
        all.slice(start, start + 5_000).map(([device]) => finding(device, 'cleared', now)),
        `clear/${start}`,
      ),
    );
  }
  await sleep(1_000);
  clearInterval(pump);
  const left = [...latest.values()].filter(({ state }) => state !== 'closed' && state !== 'resolved').length;
  console.log(
    `all clear: rounds of 5,000, worst ${Math.max(...clearing).toFixed(0)} ms; incidents still open ${left}, findings without a decision ${(await store.rows('incident-undecided', { tenant, from: writeInstant(0), limit: 100_000 })).length}`,
  );
}

/** Stores findings as detection does and hands them over. Milliseconds until what became of them is stored. */
async function handOver(store: Store, desk: IncidentDesk, findings: readonly Finding[], token: string): Promise<number> {
  const begun = performance.now();
  await store.insert('findings', findings.map(findingRow), token);
  await desk.take(findings);
  return performance.now() - begun;
}

const enough = defaultPipelineSettings;

/** Devices of a fault that have to be told of before anybody could say that it is one. */
function neededOf({ devices }: Fault): number {
  return Math.max(enough.minimumChildren, Math.ceil(enough.minimumShare * devices.length));
}

function seconds1(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function every(ms: number, work: () => Promise<unknown>): NodeJS.Timeout {
  return setInterval(() => void work(), ms);
}

function finding(device: string, state: 'firing' | 'cleared', now: number): Finding {
  const at = new Date(now).toISOString();
  const scope = { ont: device };
  return {
    finding_key: findingKey(tenant, 'device_down', 'online', scope),
    detector: 'device_down',
    title: `ont ${device}: not reachable`,
    kind: 'service',
    tenant,
    metric: 'online',
    scope,
    window: { from: new Date(now - 60_000).toISOString(), to: at },
    detected_at: at,
    began_at: new Date(now - 30_000).toISOString(),
    observed: 0,
    expected: 1,
    lower: 1,
    upper: 1,
    unit: 'devices',
    direction: 'down',
    score: 9,
    effect: -1,
    customers: { count: 1, segments: { consumer: 1 } },
    explanation: [],
    change_suspects: [],
    evidence: { sql: `SELECT * FROM measurements WHERE device = '${device}'`, sample_record_ids: [] },
    data_quality: { completeness: 1, lag_s: 0 },
    summary: `ont ${device} does not answer.`,
    state,
  };
}

/** Names of what stands behind an element, down to the devices. */
function nameOf(path: readonly number[]): string {
  return path.map((number, depth) => `${['r', 'x', 'o', 'p', 't'][depth]}${number}`).join('');
}

function devicesBehind(path: readonly number[]): string[] {
  if (path.length === shape.length) return [nameOf(path)];
  return Array.from({ length: shape[path.length]! }, (_, number) => devicesBehind([...path, number])).flat();
}

/** Two regions, eight routers, four OLTs and six PONs, none behind another. */
function plantedFaults(): Fault[] {
  const paths: number[][] = [[0], [1]];
  for (let at = 0; at < 8; at++) paths.push([2 + (at % 4), Math.floor(at / 4) * 3]);
  for (let at = 0; at < 4; at++) paths.push([2 + at, 5, at]);
  for (let at = 0; at < 6; at++) paths.push([6 + (at % 2), at, at % 4, 3 * at]);
  return paths.map((path) => ({ depth: path.length - 1, name: nameOf(path), devices: devicesBehind(path) }));
}

async function bringTopology(store: Store): Promise<void> {
  const now = Date.now();
  const rows: object[] = [];
  const add = (path: readonly number[]): void => {
    if (path.length > 1) {
      rows.push({
        ...{
          tenant,
          source: 'inventory',
          partition: 'p',
          position: rows.length,
          file: '',
          record_id: `00000000-0000-0000-0000-${String(rows.length).padStart(12, '0')}`,
        },
        ...{ ingest_time: writeInstant(now), parent_type: types[path.length - 2], parent: nameOf(path.slice(0, -1)) },
        ...{ child_type: types[path.length - 1], child: nameOf(path), valid_from: writeInstant(0), valid_to: writeInstant(0) },
      });
    }
    if (path.length < shape.length) for (let number = 0; number < shape[path.length]!; number++) add([...path, number]);
  };
  add([]);
  for (let start = 0; start < rows.length; start += 50_000)
    await store.insert('topology_edges', rows.slice(start, start + 50_000), `edges/${start}`);
}

function shuffled<T>(values: readonly T[]): T[] {
  const from = draws(keyOf(7, 1));
  const mixed = [...values];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(uniform(from) * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
