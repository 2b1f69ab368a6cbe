/** A real Alertmanager of its own, on free ports: the package prometheus-alertmanager. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './fetch/port.ts';

const program = '/usr/bin/prometheus-alertmanager';

export interface TestAlertmanager {
  readonly url: string;
  /** Ends it and starts it again with nothing remembered. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one. It sends notifications to `webhook`, at once. @throws when it is not installed */
export async function startAlertmanager(webhook: string): Promise<TestAlertmanager> {
  if (!existsSync(program)) throw new Error(`${program} is missing: apt-get install prometheus-alertmanager, as .ci/run does`);
  const directory = mkdtempSync(join(tmpdir(), 'weir-alertmanager-'));
  const file = join(directory, 'alertmanager.yml');
  writeFileSync(
    file,
    `route: { receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 1h, group_by: ['...'] }
receivers: [{ name: hook, webhook_configs: [{ url: '${webhook}', send_resolved: true }] }]
`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async () => {
    const data = mkdtempSync(join(directory, 'data-'));
    const child = spawn(
      program,
      [
        `--config.file=${file}`,
        `--storage.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    for (let tries = 0; ; tries += 1) {
      if (child.exitCode !== null || tries > 600) throw new Error('Alertmanager did not start');
      const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
      if (ready?.ok) return child;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  let child = await start();
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return {
    url,
    restart: async () => {
      await end();
      child = await start();
    },
    stop: async () => {
      await end();
      rmSync(directory, { recursive: true });
    },
  };
}
