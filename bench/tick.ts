/**
 * `npm run bench -- tick [--series 10000,100000,1000000] [--ticks 9] [--rows 5]`: one tick of a detector over series through the real engine on a
 * real ClickHouse: the query of the closed bucket, scoring, writing back what is marked or pinned. Then what a part holds in memory, its
 * snapshot, a restart from it, and late data that makes it judge an hour again. The parts have learned three weeks before.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeriesEngine, type SeriesEngine } from '../app/detect/series/engine.ts';
import { bucketsBetween } from '../app/detect/series/feed.ts';
import { keepPart, keptPart } from '../app/detect/series/keep.ts';
import { scoreRows } from '../app/detect/series/write.ts';
import { parseSettings } from '../app/settings/load.ts';
import { WeirError } from '../core/errors.ts';
import { createPart, type Part, snapshotPart } from '../detectors/series/index.ts';
import { migrate } from '../sql/migrate.ts';
import { type Server, startServer } from '../sql/server/start.ts';
import { connect, type Store } from '../sql/store.ts';
import { createMeter, type Spent } from './tick/meter.ts';
import { begin, bucketMs, cellDetector, learnedPart, leg, recordsSql } from './tick/world.ts';

const tenant = 'bench';
const settings = parseSettings(`tenant: ${tenant}\ncountry: US\ncurrency: USD\n`, 'bench');
const quiet = { info: () => {}, warn: () => {}, error: (fields: object, message: string) => console.log(message, fields) };
/** Buckets that late data makes it judge again. */
const hour = 4;

export async function benchTick(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      series: { type: 'string', default: '10000,100000,1000000' },
      ticks: { type: 'string', default: '9' },
      rows: { type: 'string', default: '5' },
    },
  });
  const sizes = values.series.split(',').map(Number);
  const [ticks, rows] = [Number(values.ticks), Number(values.rows)];
  if (sizes.some((size) => !(size >= 100)) || !(ticks > hour) || !(rows >= 1 && rows <= 15))
    throw new WeirError('usage', `--series wants numbers from 100, --ticks more than ${hour}, --rows 1 to 15`);
  console.log(`${ticks} ticks a size, ${rows} rows of usage_minute a series and bucket; load before: ${loadavg()[0]!.toFixed(1)}`);
  for (const size of sizes) await one(size, ticks, rows);
}

async function one(series: number, ticks: number, rows: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    await measured(store, server, series, ticks, rows);
  } finally {
    await store.close();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measured(store: Store, server: Server, series: number, ticks: number, rows: number): Promise<void> {
  const definition = cellDetector();
  const name = { definition, fixed: leg, shard: 0 };
  const memoryBefore = resident();
  const learned = learnedPart(definition, series);
  const nodes = learned.state.nodes.size;
  console.log(`\n${series} cells, ${nodes} series; load ${loadavg()[0]!.toFixed(1)}`);
  const bytes = snapshotPart(learned).length;
  const kept = await timed(() => keepPart(store, tenant, name, learned, begin));
  console.log(`  arrays ${(arrayBytes(learned) / nodes).toFixed(0)} bytes a series; snapshot ${(bytes / nodes).toFixed(0)} bytes a series`);
  line('snapshot taken and stored', [kept]);

  const meter = createMeter(store);
  const engine = createSeriesEngine({ store: meter.store, settings, definitions: [definition], log: quiet, told: new Map() });
  await advance(engine, begin, begin);
  const detectorOnly: Spent[] = [];
  const phases: Record<'together' | 'query' | 'write' | 'detector', Spent[]> = { together: [], query: [], write: [], detector: [] };
  const serverCpu: number[] = [];
  const beginning = await keptPart(store, tenant, name, begin);
  if (beginning === undefined) throw new Error('the snapshot cannot be read back');
  const own = createPart(definition, leg, beginning);
  const times = Array.from({ length: ticks }, (_, tick) => begin + tick * bucketMs);
  for (const [tick, time] of times.entries()) {
    await bring(store, series, time, rows, time + bucketMs);
    if (tick === ticks - hour) line('kept by the engine, with a row a series', [await timed(() => engine.keep(time))]);
    const before = cpuOf(server.pid());
    meter.reset();
    const whole = await timed(() => advance(engine, time + bucketMs, time + bucketMs + 300_000));
    const spent = meter.spent();
    serverCpu.push(cpuOf(server.pid()) - before);
    phases.together.push(whole);
    for (const phase of ['query', 'write', 'detector'] as const) phases[phase].push(spent[phase]);
    const buckets = await bucketsBetween(store, name, { tenant, currency: 'USD', from: time, to: time + bucketMs, withRejected: false });
    const bucket = buckets.get(time)!;
    if (bucket.numerator.length < 0.9 * series) throw new Error(`only ${bucket.numerator.length} of ${series} series came`);
    detectorOnly.push(
      await timed(() => {
        own.tick(bucket);
        scoreRows(tenant, own, [], time);
      }),
    );
  }
  const { part } = engine.parts()[0]!;
  if (part.judgedTo() !== times.at(-1)! + bucketMs) throw new Error('the engine did not judge every bucket');
  if (part.state.bank.score.some(Number.isNaN)) throw new Error('a score is not a number');
  line('one tick, all of it (the first not counted)', phases.together.slice(1));
  line('  waiting for queries, answers decoded', phases.query.slice(1));
  line('  waiting for writes', phases.write.slice(1));
  line('  detector part, within the engine', phases.detector.slice(1));
  line('  detector part, by itself', detectorOnly.slice(1));
  console.log(`  ${'processor of ClickHouse'.padEnd(46)} median ${median(serverCpu.slice(1)).toFixed(0)} ms`);

  const restarted = createSeriesEngine({ store, settings, definitions: [definition], log: quiet, told: new Map() });
  await engine.keep(times.at(-1)! + bucketMs);
  line('restart from the snapshot', [await timed(() => advance(restarted, times.at(-1)! + bucketMs, times.at(-1)! + bucketMs + 300_000))]);
  if (restarted.parts()[0]!.part.judgedTo() !== part.judgedTo()) throw new Error('the restart did not go on where it was');

  await bring(store, series, times.at(-hour)!, 1, times.at(-1)! + bucketMs + 310_000);
  const late = await timed(() => advance(engine, times.at(-1)! + bucketMs, times.at(-1)! + bucketMs + 360_000));
  if (engine.parts()[0]!.part === part) throw new Error('late data was not seen');
  line('late data, an hour judged again', [late]);
  console.log(
    `  resident ${((process.memoryUsage().rss - memoryBefore) / 2 ** 20).toFixed(0)} MB more than before, with three parts in memory`,
  );
}

const resident = (): number => process.memoryUsage().rss;

/** Brings the engine as far as a leg is complete. */
async function advance(engine: SeriesEngine, completeTo: number, instant: number): Promise<void> {
  const { done, failed } = await engine.advance({
    complete: new Map([[leg, completeTo]]),
    instant,
    firing: () => [],
    tell: () => {},
    budgetMs: 600_000,
  });
  if (!done || failed.size > 0) throw new Error(`the engine failed: ${[...failed.values()].join(', ')}`);
}

/** Usage of every cell in a bucket, each in some minutes of it. */
async function bring(store: Store, series: number, time: number, rows: number, instant: number): Promise<void> {
  await store.command(
    `INSERT INTO usage_minute (tenant, leg, service, minute, node, cell, records, ingest_time)
     SELECT {tenant:String}, {leg:String}, 'data', toDateTime({at:UInt32} + 60 * part), concat('n', toString(intDiv(number, 100))),
       concat('c', toString(number)), intDiv(total + {rows:UInt32} - 1 - part, {rows:UInt32}) AS records, fromUnixTimestamp64Milli({instant:Int64})
     FROM (SELECT number, toUInt64(greatest(0, round(mean + sqrt(mean) * randNormal(0, 1, number)))) AS total FROM (SELECT number, ${recordsSql} AS mean FROM numbers({series:UInt64})))
     ARRAY JOIN range({rows:UInt32}) AS part
     WHERE records > 0
     SETTINGS max_insert_threads = 1, min_insert_block_size_rows = 4000000, max_insert_block_size = 4000000`,
    { tenant, leg, at: time / 1000, rows, series, instant },
  );
}

async function timed(run: () => unknown): Promise<Spent> {
  const { user, system } = process.cpuUsage();
  const began = performance.now();
  await run();
  const after = process.cpuUsage();
  return { wall: performance.now() - began, cpu: (after.user + after.system - user - system) / 1000 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function line(name: string, spent: readonly Spent[]): void {
  const wall = spent.map((each) => each.wall);
  const cpu = spent.map((each) => each.cpu);
  const show = (ms: number): string => ms.toFixed(0).padStart(6);
  console.log(
    `  ${name.padEnd(46)} median ${show(median(wall))} ms   worst ${show(Math.max(...wall))} ms   processor ${show(median(cpu))}, worst ${show(Math.max(...cpu))} ms`,
  );
}

/** Everything in arrays, room to grow included. */
function arrayBytes({ state }: Part): number {
  const { bank, persistence, nodes } = state;
  const own = [persistence.looks, persistence.quiet, persistence.open, state.firstSeen, state.lastSeen, state.expected, state.level]
    .concat([state.heldFor, state.missed, state.numerator, state.denominator, state.value, nodes.parent] as never[])
    .reduce((sum, array) => sum + array.byteLength, 0);
  return own + bank.snapshot().length;
}

/** Processor time of a process so far, in ms, as Linux counts it in hundredths of a second. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}
