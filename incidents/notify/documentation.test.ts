/** The receiver that docs/webhooks.md shows, run as it stands there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incidentOf } from '../testing/finding.ts';
import type { Endpoint } from './endpoint.ts';
import { sendWebhook } from './webhook.ts';

const secret = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz';
const stranger = 'whsec_enp6enp6enp6enp6enp6enp6enp6enp6enp6';
const text = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'weir-docs-'));
let child: ChildProcess;
let lines: AsyncIterator<string>;
let endpoint: Endpoint;

beforeAll(async () => {
  const file = join(directory, 'receiver.mjs');
  writeFileSync(file, /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '');
  child = spawn(process.execPath, [file], {
    env: { ...process.env, WEBHOOK_SECRET: secret, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const port = (await lines.next()).value?.split(' ')[1];
  endpoint = { name: 'docs', url: `http://127.0.0.1:${port}/`, secrets: [secret] };
});
afterAll(() => {
  child.kill();
  rmSync(directory, { recursive: true });
});

describe('the receiver of the documentation', () => {
  it('takes what is genuine once and refuses the rest', async () => {
    const incident = incidentOf({ title: 'Ausfälle' });
    expect(await sendWebhook({ ...endpoint, secrets: [stranger] }, incident, Date.now())).toMatchObject({
      outcome: 'refused',
      status: 401,
    });
    expect(await sendWebhook(endpoint, incident, Date.now() - 600_000)).toMatchObject({ outcome: 'refused', status: 401 });
    expect(await sendWebhook({ ...endpoint, secrets: [stranger, secret] }, incident, Date.now())).toEqual({
      outcome: 'delivered',
      status: 204,
    });
    expect(await sendWebhook(endpoint, incident, Date.now())).toEqual({ outcome: 'delivered', status: 204 });
    expect(await sendWebhook(endpoint, { ...incident, sequence: 2 }, Date.now())).toEqual({ outcome: 'delivered', status: 204 });
    expect((await lines.next()).value).toBe(`incident.opened ${incident.incident_id}_1`);
    expect((await lines.next()).value).toBe(`incident.opened ${incident.incident_id}_2`);
  });
});
