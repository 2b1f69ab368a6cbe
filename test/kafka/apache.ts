/** One Apache Kafka of the test's own: KRaft, one node, loopback, in a directory that goes with it. Its process ends with the test's. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../sql/server/port.ts';

export interface ApacheKafka {
  /** host:port for clients. */
  readonly brokers: string;
  /** Port on which it hears those who come through the proxy; 0 = none. */
  readonly behindProxy: number;
  /** Process id of the broker as it now is; 0 = it does not run. */
  pid(): number;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Stops it in order, and waits. */
  stop(): Promise<void>;
  /** Starts it again on the same data and ports. */
  start(): Promise<void>;
}

export interface ApacheOptions {
  readonly jars: string;
  readonly directory: string;
  /** Port of a proxy: clients that come through it are told to come back through it. */
  readonly proxyPort?: number;
  /** More lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
}

// A busy machine takes its time; one that cannot start it says so at once.
const startMs = 240_000;
const stopMs = 20_000;
const heap = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC'];

/** The process ends when its standard input does: a test that is killed leaves no server behind. */
const lifeline = 'exec 3<&0; java "$@" </dev/null 3<&- & java=$!; echo $java; (cat <&3 >/dev/null; kill -9 $java 2>/dev/null) & wait $java';

/** Starts one and resolves when it takes connections. */
export async function startApacheKafka(options: ApacheOptions): Promise<ApacheKafka> {
  const client = await freePort(0);
  const controller = await freePort(0, [client]);
  const behind = options.proxyPort ? await freePort(0, [client, controller]) : 0;
  mkdirSync(options.directory, { recursive: true });
  const file = join(options.directory, 'server.properties');
  writeFileSync(file, propertiesOf(options, client, controller, behind));
  const java = (...args: string[]): string[] => [...heap, '-cp', join(options.jars, '*'), ...args];
  await run(java('kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId()}`, '-c', file));
  let shell: ChildProcess | undefined;
  let pid = 0;
  const gone = async (): Promise<void> => {
    if (shell && shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
    shell = undefined;
  };
  const start = async (): Promise<void> => {
    shell = spawn('sh', ['-c', lifeline, 'kafka', ...java('kafka.Kafka', file)], { stdio: ['pipe', 'pipe', 'ignore'] });
    shell.stdout?.once('data', (text: Buffer) => {
      pid = Number(text.toString('utf8').split('\n', 1)[0]);
    });
    shell.stdout?.resume();
    await answering(client, shell);
  };
  await start();
  const signal = async (name: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (!shell || pid === 0) return;
    const waiting = gone();
    process.kill(pid, name);
    pid = 0;
    await waiting;
  };
  return {
    brokers: `127.0.0.1:${client}`,
    behindProxy: behind,
    pid: () => pid,
    start,
    kill: () => signal('SIGKILL'),
    async stop() {
      const hard = setTimeout(() => pid > 0 && process.kill(pid, 'SIGKILL'), stopMs);
      await signal('SIGTERM');
      clearTimeout(hard);
    },
  };
}

function propertiesOf({ directory, proxyPort, properties }: ApacheOptions, client: number, controller: number, behind: number): string {
  const listeners = [`CLIENT://127.0.0.1:${client}`, ...(proxyPort ? [`PROXIED://127.0.0.1:${behind}`] : [])];
  const advertised = [`CLIENT://127.0.0.1:${client}`, ...(proxyPort ? [`PROXIED://127.0.0.1:${proxyPort}`] : [])];
  const all: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'advertised.listeners': advertised.join(','),
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'offsets.topic.num.partitions': '3',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'message.max.bytes': '30000000',
    'replica.fetch.max.bytes': '31000000',
    'log.retention.check.interval.ms': '1000',
    // Records of tests bear times of long ago.
    'log.retention.ms': '-1',
    'auto.create.topics.enable': 'false',
    ...properties,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

const clusterId = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');

async function run(args: readonly string[]): Promise<void> {
  const child = spawn('java', [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`java ended with ${code}: ${said.slice(-500)}`);
}

async function answering(port: number, shell: ChildProcess): Promise<void> {
  const deadline = Date.now() + startMs;
  while (!(await connects(port))) {
    if (shell.exitCode !== null) throw new Error(`Kafka ended with ${shell.exitCode} before it answered`);
    if (Date.now() > deadline) throw new Error(`Kafka does not answer after ${startMs / 1000} s`);
    await sleep(100);
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
