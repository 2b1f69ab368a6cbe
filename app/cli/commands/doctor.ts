/** `weir doctor`: looks at everything that usually goes wrong and says it in one line each. */
import { access, constants, statfs } from 'node:fs/promises';
import { kafkaIsBuilt, kafkaLibrary } from '../../../ingest/kafka/library.ts';
import { libraryPath } from '../../../sql/server/library.ts';
import { connect } from '../../../sql/store.ts';
import { openClickHouse } from '../../clickhouse.ts';
import { runningWeir } from '../../data-directory.ts';
import type { AddCommand } from '../command.ts';
import { type CommonOptions, workplace } from '../options.ts';
import { bytesText, colour } from '../print.ts';
import { checkSettings } from './settings.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly says: string;
}

/** Less free disk than this is a warning, in bytes. */
const leastFree = 2 * 2 ** 30;

export const addDoctor: AddCommand = (program, exit) => {
  program
    .command('doctor')
    .description('look at everything that usually goes wrong: platform, disk, settings, database, accounting')
    .option('--kafka', 'also make the Kafka library ready: builds it, once, when it is missing')
    .action(async (options: DoctorOptions) => exit(await doctor(options)));
};

interface DoctorOptions extends CommonOptions {
  readonly kafka?: boolean;
}

async function doctor(options: DoctorOptions): Promise<number> {
  const findings: Finding[] = [];
  const look = async (what: string, work: () => Promise<string> | string): Promise<void> => {
    try {
      findings.push({ what, ok: true, says: await work() });
    } catch (error) {
      findings.push({ what, ok: false, says: (error as Error).message });
    }
  };
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  await look('Node', () => {
    if (major < 20 || (major === 20 && minor < 19)) throw new Error(`${process.versions.node} is too old, 20.19 or newer is needed`);
    return process.versions.node;
  });
  await look('ClickHouse library', async () => {
    await access(libraryPath(), constants.R_OK);
    return 'present';
  });
  await look('Kafka library', async () => {
    if (!options.kafka) return kafkaIsBuilt() ? 'built' : 'not built; the first use of Kafka builds it, or --kafka does now';
    const { librdkafkaVersion } = await kafkaLibrary((text) => process.stderr.write(`weir: ${text}\n`));
    return `librdkafka ${librdkafkaVersion}`;
  });
  const place = await workplace(options);
  await look('data directory', async () => {
    await access(place.directory.root, constants.W_OK);
    const { bavail, bsize } = await statfs(place.directory.root);
    if (bavail * bsize < leastFree) throw new Error(`${place.directory.root}: only ${bytesText(bavail * bsize)} free`);
    return `${place.directory.root}, ${bytesText(bavail * bsize)} free`;
  });
  await look('settings', () => {
    const problems = checkSettings(place.settings);
    if (problems.length > 0) throw new Error(problems.map(({ place: where, message }) => `${where}: ${message}`).join('; '));
    return place.file ?? (place.demo ? 'demo' : 'defaults');
  });
  const running = runningWeir(place.directory.root);
  await look('Weir', () => (running ? `runs, process ${running.pid}, ${running.httpUrl}` : 'does not run on this directory'));
  await look('database', async () => {
    const clickhouse = await openClickHouse(place.settings, place.directory);
    const store = connect(clickhouse.owner);
    try {
      const [row] = await store.select<{ version: string }>('SELECT version() AS version');
      return `ClickHouse ${row?.version} at ${clickhouse.owner.url} (${clickhouse.how})`;
    } finally {
      await store.close();
      await clickhouse.stop();
    }
  });
  const ok = findings.every((finding) => finding.ok);
  if (options.json) process.stdout.write(`${JSON.stringify({ ok, findings })}\n`);
  else
    for (const finding of findings)
      process.stdout.write(`${finding.ok ? colour('ok  ', 'green') : colour('bad ', 'red')} ${finding.what.padEnd(20)} ${finding.says}\n`);
  return ok ? 0 : 1;
}
