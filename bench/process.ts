/** What another process on this machine uses: its memory and its processor time. Linux only. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Most that is resident counts from now on; elsewhere than on Linux, from the start. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    console.log('the peak of memory counts from the start of the server');
  }
}

/** Most that was resident, in bytes. */
export function peakOf(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1]) * 1024;
}

/** User and system time, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
