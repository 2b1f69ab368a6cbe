/**
 * `npm run bench`: the benchmarks of at most 15 minutes together; `npm run bench -- NAME …` one of them with its own options.
 * Each prints the machine, the versions and its figures; docs/benchmarks.md keeps the last run.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

interface Benchmark {
  readonly about: string;
  /** Runs when no name is given. */
  readonly daily: boolean;
  readonly run: (args: readonly string[]) => Promise<void>;
}

/** It needs the types of a browser, which nothing else may see: test/console/tsconfig.json checks it. */
const browserBench: string = './console.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  ingest: {
    about: 'CSV file to stored rows with rollups, against INSERT SELECT FROM file(CSV)',
    daily: true,
    run: async (args) => (await import('./ingest.ts')).benchIngest(args),
  },
  profile: {
    about: 'where each microsecond of a CSV record goes, from bytes to block',
    daily: true,
    run: async (args) => (await import('./profile.ts')).benchProfile(args),
  },
  rating: {
    about: 'microseconds per rated usage',
    daily: true,
    run: async (args) => (await import('./rating.ts')).benchRating(args),
  },
  sla: {
    about: 'a monthly report on an agreement over 100 million records',
    daily: false,
    run: async (args) => (await import('./sla.ts')).benchSla(args),
  },
  reconcile: {
    about: 'two legs record by record, 1, 3 and 10 million a side, beside DuckDB over Parquet',
    daily: false,
    run: async (args) => (await import('./reconcile.ts')).benchReconcile(args),
  },
  controls: {
    about: 'every control over a day of 20 million records, one by one',
    daily: false,
    run: async (args) => (await import('./controls.ts')).benchControls(args),
  },
  kpis: {
    about: 'all KPIs for all dimensions of one minute at 20,000 records/s',
    daily: false,
    run: async (args) => (await import('./kpis.ts')).benchKpis(args),
  },
  explain: {
    about: 'exact set ranked first, planted causes under noise',
    daily: true,
    run: async (args) => (await import('./explain.ts')).benchExplain(args),
  },
  detect: {
    about: 'the series scorer: public labels (--nab DIR --kpi DIR), a synthetic world, calibration, speed',
    daily: true,
    run: async (args) => (await import('./detect.ts')).benchDetect(args),
  },
  tick: {
    about: 'one tick of 10,000 to a million series: query, score, write; snapshot, restart, late data',
    daily: false,
    run: async (args) => (await import('./tick.ts')).benchTick(args),
  },
  boards: {
    about: 'every question of every Grafana board over 50 million records, through the shipped plugin',
    daily: false,
    run: async (args) => (await import('./boards.ts')).benchBoards(args),
  },
  storm: {
    about: '1,000 findings/s from 100,000 devices behind 20 faults: incidents, compression, what was missed, memory',
    daily: true,
    run: async (args) => (await import('./storm.ts')).benchStorm(args),
  },
  leaks: {
    about: 'planted leaks and look-alikes through the real path: what each control finds, says and costs in false alarms',
    daily: false,
    run: async (args) => (await import('./leaks.ts')).benchLeaks(args),
  },
  service: {
    about: 'faults of service and look-alikes through the real path: found, how soon, customers counted, false incidents',
    daily: false,
    run: async (args) => (await import('./service.ts')).benchService(args),
  },
  console: {
    about: 'the console in Chromium: first view, 10,000 incidents scrolled, a month of minutes drawn, live news',
    daily: false,
    run: async (args) => ((await import(browserBench)) as { benchConsole: Benchmark['run'] }).benchConsole(args),
  },
  latency: {
    about: 'record arrival to webhook delivered, for batch-stored controls',
    daily: true,
    run: async (args) => (await import('./latency.ts')).benchLatency(args),
  },
  kafka: {
    about: "messages to stored rows with rollups, against ClickHouse's own Kafka engine",
    daily: false,
    run: async (args) => (await import('./kafka.ts')).benchKafka(args),
  },
  fetch: {
    about: 'files over SFTP and from S3-compatible storage against the file source; --gigabytes 5: memory',
    daily: false,
    run: async (args) => (await import('./fetch.ts')).benchFetch(args),
  },
  'kafka-latency': {
    about: 'record produced to row visible, at a steady 20,000 records/s',
    daily: false,
    run: async (args) => (await import('./kafka-latency.ts')).benchKafkaLatency(args),
  },
  memory: {
    about: 'a file of 2 GB through the ingest process: the most memory that was resident',
    daily: false,
    run: async (args) => (await import('./memory.ts')).benchMemory(args),
  },
};

/** Name and version of a package as it is installed. */
function versionOf(name: string): string {
  try {
    const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8');
    return `${name} ${(JSON.parse(text) as { version: string }).version}`;
  } catch {
    return `${name} not installed`;
  }
}

const [name, ...rest] = process.argv.slice(2);
if (name === '--help' || (name !== undefined && !(name in benchmarks))) {
  console.log('npm run bench [-- NAME [options]]\n');
  for (const [known, { about, daily }] of Object.entries(benchmarks))
    console.log(`  ${known.padEnd(10)} ${about}${daily ? '' : ' (by name only)'}`);
  process.exit(name === '--help' ? 0 : 2);
}
const commit = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).stdout?.trim() || 'unknown';
console.log(`command: npm run bench${name === undefined ? '' : ` -- ${process.argv.slice(2).join(' ')}`}`);
console.log(
  `versions: weir ${commit}, ${['chdb', 'node-rdkafka', '@duckdb/node-api'].map(versionOf).join(', ')}; ${new Date().toISOString().slice(0, 10)}`,
);
console.log(
  `machine: ${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB; Node ${process.versions.node}; ${process.platform} ${process.arch}`,
);
for (const [known, { about, daily, run }] of Object.entries(benchmarks)) {
  if (name === undefined ? !daily : known !== name) continue;
  console.log(`\n## ${known}: ${about}`);
  await run(rest);
}
