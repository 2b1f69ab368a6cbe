/** How far a watch has come, kept beside its data: the next process goes on where the last one stopped. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../core/finding.ts';
import type { Told } from './score.ts';

/** A firing word, for a person who asks why something was missed. */
export interface Word {
  readonly at: number;
  readonly detector: string;
  readonly scope: Finding['scope'];
  readonly summary: string;
}

export interface Progress {
  /** Operator, faults and days: only the same go on. */
  readonly name: string;
  readonly watchedTo: number;
  readonly sequences: Readonly<Record<string, number>>;
  readonly told: readonly Told[];
  readonly words: readonly Word[];
  readonly looks: number;
  readonly lookMs: number;
  readonly workSeconds: number;
  readonly loads: readonly number[];
  readonly failures: readonly string[];
}

const fileOf = (directory: string): string => join(directory, 'progress.json');

export function progressOf(directory: string, name: string): Progress | undefined {
  if (!existsSync(fileOf(directory))) return undefined;
  const known = JSON.parse(readFileSync(fileOf(directory), 'utf8')) as Progress;
  return known.name === name ? known : undefined;
}

export function keepProgress(directory: string, progress: Progress): void {
  writeFileSync(fileOf(directory), JSON.stringify(progress));
}
