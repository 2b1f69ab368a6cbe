/**
 * Record arrival to webhook delivered for controls that judge what was just stored: a real `weir start` in a process of its own, small
 * files renamed into watched directories and small batches posted, each with one planted violation, and a receiver of webhooks here.
 * Every arrival has a source of its own, so that each opens an incident of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const program = join(import.meta.dirname, '..', 'bin', 'weir.mjs');
const recordsPerArrival = 20;
const startDeadlineMs = 300_000;
const webhookDeadlineMs = 60_000;
const limitMs = 5000;

/** What is planted: a gap in the file numbers, a trailer that declares more than there is, records that came before in a file or a post. */
const plants = ['S01', 'S03', 'S10', 'S10-posted'] as const;
type Plant = (typeof plants)[number];

interface Arrival {
  readonly name: string;
  readonly plant: Plant;
}

interface Ready {
  readonly url: string;
  readonly token: string;
}

/** Options: `--arrivals 60 --pause 400` (mean pause between arrivals, ms). */
export async function benchLatency(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { arrivals: { type: 'string', default: '60' }, pause: { type: 'string', default: '400' } },
  });
  const directory = mkdtempSync(join(tmpdir(), 'weir-latency-'));
  const arrivals = Array.from({ length: Number(values.arrivals) }, (_, index) => ({
    name: `arrival-${String(index).padStart(3, '0')}`,
    plant: plants[index % plants.length] as Plant,
  }));
  const receiver = await receive();
  let weir: ChildProcess | undefined;
  try {
    writeFileSync(join(directory, 'weir.yaml'), settingsOf(arrivals, directory, receiver.port));
    for (const { name } of arrivals) mkdirSync(join(directory, 'in', name), { recursive: true });
    weir = spawn(
      process.execPath,
      [program, 'start', '--json', '--data', join(directory, 'data'), '--config', join(directory, 'weir.yaml')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: directory,
      },
    );
    const ready = await readyOf(weir, directory);
    for (const arrival of arrivals) await prepare(arrival, directory, ready);
    await sleep(15_000);
    if (receiver.times.size > 0) throw new Error('a webhook came before anything was planted');
    const sent = new Map<string, number>();
    for (const arrival of arrivals) {
      sent.set(arrival.name, performance.now());
      await arrive(arrival, directory, ready);
      await sleep(-Math.log(1 - Math.random()) * Number(values.pause));
    }
    await received(receiver.times, arrivals.length);
    report(arrivals, sent, receiver.times);
  } finally {
    await stop(weir);
    receiver.server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A receiver that notes when the first webhook of each source came. */
async function receive(): Promise<{ server: Server; port: number; times: Map<string, number> }> {
  const times = new Map<string, number>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const name = /arrival-\d+/.exec(Buffer.concat(parts).toString('utf8'))?.[0];
      if (name !== undefined && !times.has(name)) times.set(name, performance.now());
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, times };
}

/** Settings in JSON, which is YAML too. */
function settingsOf(arrivals: readonly Arrival[], directory: string, port: number): string {
  const mapping = {
    format: 'csv',
    kind: 'usage',
    names: ['session', 'start', 'seconds', 'caller', 'called', 'fee'],
    trailerRecord: { prefix: 'TRL', records: 2 },
    constants: { leg: 'switch', service: 'voice', direction: 'mo', currency: 'EUR' },
    columns: {
      session_id: 'session',
      start_time: 'start',
      duration_seconds: 'seconds',
      subscriber_number: 'caller',
      other_party_number: 'called',
      charge: 'fee',
    },
  };
  const sources = arrivals.map(({ name, plant }) => [
    name,
    plant === 'S10-posted'
      ? { type: 'http', mapping }
      : {
          type: 'file',
          directory: join(directory, 'in', name),
          pattern: '*.csv',
          complete: 'rename',
          ...(plant === 'S01' ? { sequence: { pattern: 'calls_{sequence}.csv' } } : {}),
          mapping,
        },
  ]);
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return JSON.stringify({
    tenant: 'latency',
    country: 'DE',
    currency: 'EUR',
    http: { port: 28_090 },
    sources: Object.fromEntries(sources),
    webhooks: [{ name: 'receiver', url: `http://127.0.0.1:${port}/`, secret }],
  });
}

async function readyOf(weir: ChildProcess, directory: string): Promise<Ready> {
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    const deadline = setTimeout(() => reject(new Error('weir did not start in time')), startDeadlineMs);
    weir.once('exit', (code) => reject(new Error(`weir ended with ${code}`)));
    weir.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (!text.includes('\n')) return;
      clearTimeout(deadline);
      resolve(text);
    });
  });
  const { api } = JSON.parse(line) as { api: string };
  return { url: api.replace(/\/docs$/, ''), token: readFileSync(join(directory, 'data', 'run', 'owner.token'), 'utf8').trim() };
}

/** Records of an arrival; `series` tells those of one file from those of another. */
function records({ name }: Arrival, series: number): string {
  const now = Date.now();
  return Array.from(
    { length: recordsPerArrival },
    (_, index) =>
      `${name}-${series}-${index},${new Date(now - 3_600_000 - index * 1000).toISOString()},60,+49151${name.slice(-3)}${10_000 + index},+4930${2_000_000 + index},0.12`,
  ).join('\n');
}

const before = new Map<string, string>();

/** What must have come before the violation: the file with number 1, the records that will come again. */
async function prepare(arrival: Arrival, directory: string, ready: Ready): Promise<void> {
  const text = records(arrival, 0);
  before.set(arrival.name, text);
  if (arrival.plant === 'S10-posted') await post(arrival, `${text}\n`, ready);
  else if (arrival.plant !== 'S03') bring(arrival, directory, 'calls_1.csv', `${text}\n`);
}

async function arrive(arrival: Arrival, directory: string, ready: Ready): Promise<void> {
  const again = `${before.get(arrival.name)}\n${records(arrival, 1)}\n`;
  if (arrival.plant === 'S01') bring(arrival, directory, 'calls_3.csv', `${records(arrival, 1)}\n`);
  else if (arrival.plant === 'S03') bring(arrival, directory, 'calls_1.csv', `${records(arrival, 1)}\nTRL,${recordsPerArrival + 1}\n`);
  else if (arrival.plant === 'S10') bring(arrival, directory, 'calls_2.csv', again);
  else await post(arrival, again, ready);
}

/** Written under a name that no pattern matches, then renamed: as a sender does it. */
function bring({ name }: Arrival, directory: string, file: string, text: string): void {
  const path = join(directory, 'in', name, file);
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

async function post({ name }: Arrival, body: string, { url, token }: Ready): Promise<void> {
  const answer = await fetch(`${url}/api/v1/ingest/${name}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    signal: AbortSignal.timeout(60_000),
  });
  if (answer.status !== 202) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
}

async function received(times: ReadonlyMap<string, number>, count: number): Promise<void> {
  for (const until = performance.now() + webhookDeadlineMs; times.size < count && performance.now() < until; ) await sleep(100);
}

async function stop(weir: ChildProcess | undefined): Promise<void> {
  if (weir === undefined || weir.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => weir.once('exit', () => resolve()));
  weir.kill('SIGTERM');
  const deadline = setTimeout(() => weir.kill('SIGKILL'), 60_000);
  await ended;
  clearTimeout(deadline);
}

function report(arrivals: readonly Arrival[], sent: ReadonlyMap<string, number>, times: ReadonlyMap<string, number>): void {
  for (const plant of [...plants, 'all'] as const) {
    const own = arrivals.filter((arrival) => plant === 'all' || arrival.plant === plant);
    const waits = own.flatMap(({ name }) => (times.has(name) ? [times.get(name)! - sent.get(name)!] : [])).sort((a, b) => a - b);
    const at = (share: number): string => `${Math.round(waits[Math.ceil(share * waits.length) - 1] ?? Number.NaN)}`.padStart(6);
    console.log(
      `${plant.padEnd(12)} ${String(waits.length).padStart(3)} of ${String(own.length).padStart(3)} delivered   p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   p99 ${at(0.99)} ms   max ${at(1)} ms`,
    );
    if (plant === 'all') {
      const met = waits.length === own.length && (waits[Math.ceil(0.99 * waits.length) - 1] ?? Number.NaN) <= limitMs;
      console.log(
        `p99 must be at most ${limitMs} ms: ${met ? 'reached' : 'MISSED'}; load average ${loadavg()
          .map((load) => load.toFixed(1))
          .join(' ')}`,
      );
      if (!met) process.exitCode = 1;
    }
  }
}
