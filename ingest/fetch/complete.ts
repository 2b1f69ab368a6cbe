/** When a file over there is complete, and which of those listed are to be taken. */
import { matchesPattern } from '../file/pattern.ts';
import type { RemoteFile } from './remote.ts';

export interface CompleteRules {
  readonly pattern: string;
  readonly complete: 'quiet' | 'rename' | 'marker';
  readonly quietSeconds: number;
  readonly markerSuffix: string;
  /** Files that were taken before. */
  readonly taken: (file: RemoteFile) => boolean;
}

export interface CompleteLook {
  /** In order of their names. */
  readonly files: readonly RemoteFile[];
  /** Files that match and are not complete yet. */
  readonly waiting: number;
}

/**
 * Judges one listing after another. It remembers what it saw to know what stands still: quiet is measured by our own clock, since the one
 * over there may be wrong by hours.
 */
export function completeness(rules: CompleteRules): (files: readonly RemoteFile[], now: number) => CompleteLook {
  let seen = new Map<string, { readonly file: RemoteFile; readonly since: number }>();
  return (listed, now) => {
    const markers = rules.complete === 'marker' ? new Set(listed.map(({ path }) => path)) : new Set<string>();
    const still = new Map<string, { readonly file: RemoteFile; readonly since: number }>();
    const files: RemoteFile[] = [];
    let waiting = 0;
    for (const file of listed) {
      if (!isCandidate(file.name, rules) || rules.taken(file)) continue;
      const before = seen.get(file.url);
      const since = before && same(before.file, file) ? before.since : now;
      if (rules.complete === 'quiet') still.set(file.url, { file, since });
      if (isComplete(file, since, now, markers, rules)) files.push(file);
      else waiting++;
    }
    seen = still;
    return { files: files.sort(byName), waiting };
  };
}

function isComplete(file: RemoteFile, since: number, now: number, markers: ReadonlySet<string>, rules: CompleteRules): boolean {
  if (rules.complete === 'rename') return true;
  if (rules.complete === 'marker') return markersOf(file.path, rules.markerSuffix).some((path) => markers.has(path));
  return now - since >= rules.quietSeconds * 1000;
}

/**
 * The marker files that may stand for a file.
 * @example markersOf('/out/calls.csv', '.done') // ['/out/calls.csv.done', '/out/calls.done']
 */
export function markersOf(path: string, suffix: string): readonly string[] {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? [`${path}${suffix}`, `${path.slice(0, dot)}${suffix}`] : [`${path}${suffix}`];
}

/** Hidden files, the usual names of unfinished ones, and markers are never taken. */
function isCandidate(name: string, rules: CompleteRules): boolean {
  if (name === '' || name.startsWith('.')) return false;
  if (name.endsWith('.tmp') || name.endsWith('.part') || name.endsWith('.filepart') || name.endsWith('.writing')) return false;
  if (rules.complete === 'marker' && name.endsWith(rules.markerSuffix)) return false;
  return matchesPattern(name, rules.pattern);
}

/** Whether two entries of listings are one and the same content. */
export function same(a: RemoteFile, b: RemoteFile): boolean {
  return a.url === b.url && a.bytes === b.bytes && a.modifiedAt === b.modifiedAt && a.version === b.version;
}

const byName = (a: RemoteFile, b: RemoteFile): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.modifiedAt - b.modifiedAt);
