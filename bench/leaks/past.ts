/**
 * The past of an operator, stored before anybody looks: made once, kept in a directory, and copied for each time that it is watched. It takes
 * as long as the watching, and leaks lie behind it.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { controls } from '../../detectors/controls/index.ts';
import { referenceFiles, type Scenario, type World } from '../../simulator/index.ts';
import { migrate } from '../../sql/migrate.ts';
import { startServer } from '../../sql/server/start.ts';
import { connect } from '../../sql/store.ts';
import { openSender, type Sender } from './files-of.ts';
import { openIntake, type Receipts, settingsOf } from './intake.ts';
import { timedStore } from './timed.ts';
import { openWatch } from './watch.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** So many last days of the past come in files as long as those of the watched days; before that a file holds a day. */
const rhythmDays = 3;

export interface PastOptions {
  readonly world: World;
  /** First instant, a midnight UTC. */
  readonly from: number;
  readonly days: number;
  /** Hours of a file in the last days. */
  readonly everyHours: number;
  /** What looks like a leak and began before the watched days. */
  readonly scenarios: readonly Scenario[];
  /** Directory in which pasts are kept for another time. Default: none is kept. */
  readonly keep?: string | undefined;
  readonly onProgress?: ((text: string) => void) | undefined;
}

/** Instants at which files of the past arrive, and whether all feeds are closed then. */
function* steps({ from, days, everyHours }: PastOptions): Generator<{ readonly to: number; readonly flush: boolean }> {
  const begin = from + days * day;
  for (let at = from; at < begin; ) {
    at += at < begin - rhythmDays * day ? day : everyHours * hour;
    yield { to: at, flush: (at - from) % day === 0 };
  }
}

/** Lets a sender pass over a past that is stored already. */
export function skipPast(sender: Sender, options: PastOptions): void {
  for (const { to, flush } of steps(options)) sender.next(to, flush);
}

/** A data directory of its own with the past in it, and the receipts of its files. The caller removes it. */
export async function pastOf(options: PastOptions): Promise<{ readonly directory: string; readonly receipts: Receipts }> {
  const { world, from, days, everyHours, keep, onProgress } = options;
  const directory = mkdtempSync(join(tmpdir(), 'weir-leaks-'));
  const kept = keep === undefined ? '' : join(keep, `${world.seed}-${world.eventsPerDay}-${from / day}-${days}-${everyHours}`);
  if (kept === '' || !existsSync(kept)) {
    const made = kept === '' ? directory : `${kept}.part`;
    rmSync(made, { recursive: true, force: true });
    mkdirSync(made, { recursive: true, mode: 0o700 });
    writeFileSync(join(made, 'receipts.json'), JSON.stringify(await make(options, made)));
    if (kept !== '') renameSync(made, kept);
  } else onProgress?.('the past is taken from before');
  const stored = kept === '' ? directory : kept;
  if (!existsSync(join(stored, 'looked'))) {
    await firstLook(options, stored);
    writeFileSync(join(stored, 'looked'), '');
  }
  if (kept !== '') cpSync(kept, directory, { recursive: true });
  return { directory, receipts: JSON.parse(readFileSync(join(directory, 'receipts.json'), 'utf8')) as Receipts };
}

/** Looks at the past once, as on the day on which somebody starts: it takes longer than all later looks. */
async function firstLook(options: PastOptions, directory: string): Promise<void> {
  const { world, from, days, onProgress } = options;
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const plain = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  const { store, slowest } = timedStore(plain);
  try {
    let now = from + days * day + minute;
    const watch = await openWatch({ store, clock: { now: () => now }, settings: settingsOf(world, directory), definitions: controls });
    await watch.look(() => {
      now += minute;
    });
    await watch.stop();
    onProgress?.([`the first look is done: ${slowest()}`, ...watch.failures()].join('; '));
  } finally {
    await plain.close();
    await server.stop();
  }
}

async function make(options: PastOptions, directory: string): Promise<Receipts> {
  const { world, from, scenarios, days, onProgress } = options;
  const server = await startServer({ directory, httpPort: 0, tcpPort: 0 });
  const store = connect({ url: server.url, user: 'weir', password: server.credentials.weir });
  try {
    await migrate(store);
    let now = from;
    const intake = await openIntake(store, { now: () => now }, world, join(directory, 'in'));
    for (const file of referenceFiles(world, from - 30 * day)) await intake.take([file]);
    await intake.refresh();
    const sender = openSender(world, from, scenarios);
    for (const { to, flush } of steps(options)) {
      const due = sender.next(to, flush);
      now = to + minute;
      await intake.take(due);
      await intake.refresh();
      if (flush) onProgress?.(`the past, day ${(to - from) / day} of ${days}`);
    }
    return intake.receipts();
  } finally {
    await store.close();
    await server.stop();
  }
}
