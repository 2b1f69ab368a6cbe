/**
 * A file of 2 GB through the ingest command, in a process of its own: the most memory that was resident, as Linux counts it (VmHWM),
 * of the process that reads, decodes, processes and sends. ClickHouse is another process and is not counted.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type LoadFacts, loadMapping } from './load.ts';

const program = join(import.meta.dirname, '..', 'bin', 'weir.mjs');
const bytesPerRecord = 319;
const limitMb = 500;

/** Options: `--gigabytes 2`. Needs about four times as much room in the temporary directory. */
export async function benchMemory(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { gigabytes: { type: 'string', default: '2' } } });
  const directory = mkdtempSync(join(tmpdir(), 'weir-memory-'));
  try {
    const load = join(directory, 'load.csv');
    const records = Math.ceil((Number(values.gigabytes) * 1e9) / bytesPerRecord);
    await run(['--import', 'tsx', join(import.meta.dirname, 'load.ts'), String(records), load]);
    const facts = JSON.parse(readFileSync(load.replace(/csv$/, 'json'), 'utf8')) as LoadFacts;
    console.log(`file: ${(statSync(load).size / 1e9).toFixed(2)} GB, ${records} records, ${facts.rejected} to be rejected`);
    const settings = {
      tenant: 'memory',
      country: 'US',
      currency: 'USD',
      sources: { switch: { type: 'file', directory: join(directory, 'in'), mapping: loadMapping } },
    };
    writeFileSync(join(directory, 'weir.yaml'), JSON.stringify(settings));
    const begun = performance.now();
    const peak = await run(
      [
        program,
        'ingest',
        load,
        '--source',
        'switch',
        '--json',
        '--config',
        join(directory, 'weir.yaml'),
        '--data',
        join(directory, 'data'),
      ],
      1,
    );
    const mb = peak / 1e6;
    console.log(`most memory resident: ${mb.toFixed(0)} MB (must stay below ${limitMb}: ${mb < limitMb ? 'reached' : 'MISSED'})`);
    console.log(`${(records / ((performance.now() - begun) / 1000)).toFixed(0)} records/s, ClickHouse started and stopped included`);
    if (!(mb < limitMb)) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs a program of ours to its end and returns the most memory that it, without its children, had resident, in bytes. */
async function run(args: readonly string[], allowed = 0): Promise<number> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-4000);
  });
  let peak = 0;
  const looking = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid ?? 0));
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(looking);
  // 1 says that records were rejected, as they must be
  if (code === null || code > allowed) throw new Error(`${args.join(' ')}: ended with ${code}\n${output}`);
  return peak;
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
