/**
 * `npm run bench -- controls [--records 20] [--data DIR] [--only S05,S10]`: a day of so many million records over three legs, and every
 * control that ships judged over it by the code that judges them in a running Weir: each closed window of each leg, each hour's arrivals, the night
 * once, what the clock brings once an hour; the reconciliations that S08 and S09 speak of are part of it. Prints the time of each control.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Occasion, run } from '../app/detect/run.ts';
import { comparisonsOf } from '../app/reconcile/comparison.ts';
import { reconcile } from '../app/reconcile/run.ts';
import { parseSettings } from '../app/settings/load.ts';
import type { Definition } from '../core/definition.ts';
import { WeirError } from '../core/errors.ts';
import { controls } from '../detectors/controls/index.ts';
import { migrate } from '../sql/migrate.ts';
import { type Server, startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { benchDay, benchLegs, storeDay, tenant } from './controls/day.ts';
import { cpuSeconds, peakOf, resetPeak } from './process.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const settings = { ...parseSettings('currency: EUR\n', 'bench'), tenant };

export async function benchControls(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { records: { type: 'string', default: '20' }, data: { type: 'string' }, only: { type: 'string' } },
  });
  const records = Number(values.records) * 1_000_000;
  if (!(records >= 10_000 && records <= 100_000_000)) throw new WeirError('usage', '--records wants millions, e.g. 20');
  const directory = values.data === undefined ? mkdtempSync(join(tmpdir(), 'weir-bench-')) : resolve(values.data, `day-${records}`);
  mkdirSync(directory, { recursive: true });
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    await dayIn(directory, store, records);
    const only = values.only?.toUpperCase().split(',');
    await judged(
      store,
      server,
      controls.filter(({ identity }) => only === undefined || only.includes(identity.toUpperCase())),
    );
  } finally {
    await store.close();
    await server.stop();
    if (values.data === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

async function dayIn(directory: string, store: Store, records: number): Promise<void> {
  const note = join(directory, 'day.json');
  if (existsSync(note)) {
    if (JSON.parse(readFileSync(note, 'utf8')) === benchDay) return;
    throw new WeirError('usage', `${directory} holds another day`, { place: '--data', hint: 'Remove it.' });
  }
  const began = performance.now();
  await storeDay(store, records, (hour) => {
    if (hour % 6 === 0) console.log(`storing hour ${hour} of 24, ${seconds(performance.now() - began)}`);
  });
  writeFileSync(note, JSON.stringify(benchDay));
}

async function judged(store: Store, server: Server, definitions: readonly Definition[]): Promise<void> {
  const [stored] = await store.select<{ records: string }>('SELECT count() AS records FROM usage', {}, { timeoutMs: 60_000 });
  console.log(`${Number(stored?.records).toLocaleString('en')} records; load before: ${loadavg()[0]!.toFixed(1)}`);
  const pid = server.pid();
  resetPeak(pid);
  const cpu = cpuSeconds(pid);
  const began = performance.now();
  if (definitions.some(({ identity }) => identity === 'S08' || identity === 'S09')) await reconciled(store, pid);
  for (const definition of definitions) await timed(store, pid, definition);
  const memory = (peakOf(pid) / 2 ** 30).toFixed(2);
  console.log(
    `all: ${seconds(performance.now() - began)}, ${(cpuSeconds(pid) - cpu).toFixed(1)} s of processor, ClickHouse at most ${memory} GiB resident`,
  );
}

async function reconciled(store: Store, pid: number): Promise<void> {
  for (const comparison of [...comparisonsOf(settings, 'S08'), ...comparisonsOf(settings, 'S09')]) {
    const cpu = cpuSeconds(pid);
    const began = performance.now();
    const window = { from: benchDay, to: benchDay + dayMs };
    const { state, counts } = await reconcile(store, { now: () => Date.now() }, { tenant, currency: 'EUR', comparison, window });
    line(
      `reconcile ${comparison.name}`,
      performance.now() - began,
      cpuSeconds(pid) - cpu,
      state === 'done' ? JSON.stringify(counts) : state,
    );
  }
}

async function timed(store: Store, pid: number, definition: Definition): Promise<void> {
  const cpu = cpuSeconds(pid);
  const began = performance.now();
  const states: Record<string, number> = {};
  let slowest = 0;
  for (const occasion of occasionsOf(definition)) {
    const at = performance.now();
    const result = await run(definition, store, settings, occasion);
    slowest = Math.max(slowest, performance.now() - at);
    if (!result.ok) states[`failed: ${result.error.slice(0, 200)}`] = (states['failed'] ?? 0) + 1;
    else for (const { state } of result.judgements) states[state] = (states[state] ?? 0) + 1;
  }
  const said = Object.entries(states).map(([state, count]) => `${count} ${state}`);
  line(
    `${definition.identity} ${definition.query}`,
    performance.now() - began,
    cpuSeconds(pid) - cpu,
    `slowest ${seconds(slowest)}; ${said.join(', ')}`,
  );
}

/** The occasions of one day: what a loop would judge, without judging a minute twice. */
function occasionsOf({ trigger, windowMs, needs }: Definition): readonly Occasion[] {
  const watchingSince = benchDay - dayMs;
  const hours = Array.from({ length: 24 }, (_, at) => benchDay + at * hourMs);
  if (trigger === 'window-close') {
    const legs = benchLegs.filter((leg) => needs.legs.length === 0 || needs.legs.includes(leg));
    const starts = Array.from({ length: Math.max(1, dayMs / windowMs) }, (_, at) => benchDay + at * windowMs);
    return starts.flatMap((from) =>
      legs.map((leg) => {
        const window = { from, to: from + windowMs };
        return { instant: window.to + 120_000, window, sources: benchLegs, changedFrom: from, changedTo: window.to, watchingSince, leg };
      }),
    );
  }
  const at = (instant: number): Occasion => {
    const from = Math.floor(instant / hourMs) * hourMs;
    return {
      instant,
      window: { from, to: from + hourMs },
      sources: [...benchLegs, 'reference', 'stream'],
      changedFrom: instant - hourMs + 1,
      changedTo: instant,
      watchingSince,
      leg: '',
    };
  };
  return trigger === 'nightly' ? [at(benchDay + 25 * hourMs)] : hours.map((hour) => at(hour + hourMs + 120_000));
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function line(name: string, ms: number, cpu: number, said: string): void {
  console.log(`${name.padEnd(44)} ${seconds(ms).padStart(9)} ${cpu.toFixed(2).padStart(8)} s of processor  ${said}`);
}
