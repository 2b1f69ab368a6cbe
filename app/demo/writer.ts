/** Writes the simulated files where the sources watch: under another name first, renamed when complete, stamped with their event time. */
import { closeSync, mkdirSync, openSync, renameSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type SimulatedFile, textOf } from '../../simulator/index.ts';

export function writeSimulatedFile(inbox: string, file: SimulatedFile): void {
  const folder = join(inbox, file.feed);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, file.name);
  const handle = openSync(`${path}.part`, 'w', 0o600);
  try {
    for (const chunk of textOf(file)) writeSync(handle, chunk);
  } finally {
    closeSync(handle);
  }
  utimesSync(`${path}.part`, file.modifiedAt / 1000, file.modifiedAt / 1000);
  renameSync(`${path}.part`, path);
}
