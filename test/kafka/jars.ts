/**
 * The jars of Apache Kafka and of all that its server needs at run time, from Maven Central, checked against the digests in `jars.txt` and
 * kept in the user's cache directory. Nothing is resolved: the list is fixed, so the same bytes run everywhere.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** WEIR_MAVEN_CENTRAL names a mirror. */
const central = (): string => process.env['WEIR_MAVEN_CENTRAL'] || 'https://repo.maven.apache.org/maven2';
const timeoutMs = 120_000;

interface Jar {
  readonly sha256: string;
  /** Path below the root of the repository. */
  readonly path: string;
}

function jars(): Jar[] {
  return readFileSync(new URL('jars.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ sha256: line.slice(0, 64), path: line.slice(66) }));
}

const cache = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'weir', 'kafka');

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The directory that holds all jars; downloads what is missing or damaged (43 MB at first). Rejects when Maven Central does not give them. */
export async function kafkaJars(): Promise<string> {
  const directory = cache();
  mkdirSync(directory, { recursive: true });
  const missing = jars().filter(({ path, sha256 }) => {
    const file = join(directory, basename(path));
    return !existsSync(file) || digestOf(readFileSync(file)) !== sha256;
  });
  for (const jar of missing) await download(jar, join(directory, basename(jar.path)));
  return directory;
}

async function download({ path, sha256 }: Jar, file: string): Promise<void> {
  const answer = await fetch(`${central()}/${path}`, { signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new Error(`Maven Central: ${answer.status} for ${path}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (digestOf(bytes) !== sha256) throw new Error(`Maven Central: ${path} is not the file that is expected`);
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
}

/** Whether Maven Central answers from here. */
export async function centralAnswers(): Promise<boolean> {
  try {
    return (await fetch(`${central()}/${jars()[0]?.path}`, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    return false;
  }
}
