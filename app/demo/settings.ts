/** The settings of `weir demo`: the feeds of the simulated operator as sources, and a receiver of webhooks on this machine. */

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../core/settings/index.ts';
import { feedSettings } from '../../simulator/index.ts';
import { freePort } from '../../sql/server/port.ts';
import { type DataDirectory, writeWhole } from '../data-directory.ts';
import { parseSettings } from '../settings/load.ts';

/** Port of the demo's own webhook receiver; the next free one if taken. */
const receiverPort = 8090;

/** Folders of the demo's objectives and agreements, beside this file. */
const shippedFolder = (name: 'slo' | 'sla'): string => fileURLToPath(new URL(name, import.meta.url));

/** Settings of the demo on a data directory; the environment may change them as it may change a file. */
export async function demoSettings(directory: DataDirectory, environment: Readonly<Record<string, string | undefined>>): Promise<Settings> {
  const port = await freePort(receiverPort);
  const secretFile = join(directory.root, 'webhook.secret');
  if (!existsSync(secretFile)) writeWhole(secretFile, `whsec_${randomBytes(32).toString('base64')}\n`, 0o600);
  const settings = parseSettings('tenant: demo\ncountry: US\ncurrency: USD\ntimeZone: America/New_York\n', 'demo', environment);
  const sources = Object.fromEntries(
    Object.entries(feedSettings(join(directory.root, 'inbox'))).map(([name, source]) => [name, { ...source, after: 'delete' as const }]),
  );
  return {
    ...settings,
    sources: { ...sources, posted: { type: 'http', format: 'weir-json' } },
    slo: { ...settings.slo, directory: settings.slo.directory || shippedFolder('slo') },
    sla: { ...settings.sla, directory: settings.sla.directory || shippedFolder('sla') },
    webhooks: [
      {
        name: 'demo-receiver',
        url: `http://127.0.0.1:${port}/webhook`,
        secretFile,
        minimumSeverity: 5,
        timeoutSeconds: 5,
        cloudEvents: false,
      },
    ],
  };
}

/** Where the demo stands: what the next start goes on from. */
export interface DemoState {
  /** First start: the demo's faults lie around it, ms. */
  readonly startedAt: number;
  /** Event time up to which files were written, ms. */
  readonly writtenTo: number;
  readonly sequences: Readonly<Record<string, number>>;
}

const stateFile = (directory: DataDirectory): string => join(directory.root, 'demo.json');

export function readDemoState(directory: DataDirectory): DemoState | undefined {
  const file = stateFile(directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : undefined;
}

export function writeDemoState(directory: DataDirectory, state: DemoState): void {
  writeWhole(stateFile(directory), JSON.stringify(state), 0o600);
}
