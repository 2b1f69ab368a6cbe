/** Which Kafka the tests get: the real one where it can be had, in continuous integration that or none; else a mock, and they say so. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startKafka } from './kafka.ts';

let root: string;
let central: Server | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weir-choice-'));
  vi.stubEnv('XDG_CACHE_HOME', root);
  vi.stubEnv('WEIR_TEST_KAFKA', '');
  vi.stubEnv('WEIR_TEST_NOTES', join(root, 'notes'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  central?.closeAllConnections();
  await new Promise((resolve) => (central ? central.close(resolve) : resolve(undefined)));
  central = undefined;
  rmSync(root, { recursive: true, force: true });
});

/** A repository that is there, but has no jar that is right. */
async function answering(): Promise<string> {
  central = createServer((request, response) => response.writeHead(request.method === 'HEAD' ? 200 : 404).end());
  await new Promise<void>((resolve) => central?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(central.address() as AddressInfo).port}`;
}

describe('without a Kafka that came up', () => {
  it('continuous integration fails as long as Maven Central answers', async () => {
    vi.stubEnv('WEIR_KAFKA', 'real');
    vi.stubEnv('WEIR_MAVEN_CENTRAL', await answering());
    await expect(startKafka()).rejects.toThrow(/Maven Central: 404/);
  });

  it('tests go on with the mock where it does not, and say so for the last lines', async () => {
    vi.stubEnv('WEIR_KAFKA', 'real');
    vi.stubEnv('WEIR_MAVEN_CENTRAL', 'http://127.0.0.1:9');
    const kafka = await startKafka();
    expect(kafka.kind).toBe('mock');
    await kafka.stop();
    expect(readFileSync(join(root, 'notes'), 'utf8')).toMatch(/^no Apache Kafka here .*: librdkafka's mock cluster took its place\n$/);
  });

  it('and where nobody insists', async () => {
    vi.stubEnv('WEIR_KAFKA', '');
    vi.stubEnv('WEIR_MAVEN_CENTRAL', await answering());
    const kafka = await startKafka();
    expect(kafka.kind).toBe('mock');
    await kafka.stop();
  });
});
