import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Text of a file, of its `.gz` twin where it has none. */
export function readText(path: string): string {
  const at = existsSync(path) ? path : `${path}.gz`;
  const bytes = readFileSync(at);
  return (at.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
