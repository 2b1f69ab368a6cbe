/**
 * Makes the example data of an internet provider, always the same bytes: RADIUS accounting of two access servers for two days, what OLT, CMTS and billing know of the
 * subscriptions. `npx tsx examples/isp/make.ts` writes them to `inbox/`.
 *
 * Four things are wrong, and the tutorial finds them: lines that are active and billed by nobody, one that is billed and long ceased, one billed for a slower plan
 * than it has, and a user name that surfs and that no system knows.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Name below `inbox/` and text of each file. */
export type ExampleFiles = Readonly<Record<string, string>>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Monday, 00:00 UTC. */
const monday = Date.UTC(2026, 10, 2);
const customers = 60;
/** The user name that no system knows. */
const unknown = 99;

interface Session {
  readonly who: number;
  readonly from: number;
  readonly seconds: number;
  readonly up: number;
  readonly down: number;
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const user = (who: number): string => `line-${String(1000 + who)}`;
const fibre = (who: number): boolean => who % 2 === 0;
const plan = (who: number): string => (who % 3 === 0 ? 'home-1000' : 'home-250');
const price = (name: string): string => (name === 'home-1000' ? '49.90' : '29.90');

function sessionsOf(day: number): Session[] {
  const draw = random(5 + day);
  const all: Session[] = [];
  for (let who = 0; who < customers; who++) {
    if (who === 17) continue; // ceased in summer, and billed ever since
    for (let session = 0; session < 2; session++) {
      const from = monday + day * dayMs + (6 + session * 9) * hourMs + Math.floor(draw() * 4 * 3600) * 1000;
      const seconds = 600 + Math.floor(draw() * 4 * 3600);
      const down = Math.floor(draw() ** 3 * 40_000_000_000);
      all.push({ who, from, seconds, up: Math.floor(down / 12), down });
    }
  }
  for (const at of [8, 9, 10]) {
    all.push({ who: unknown, from: monday + day * dayMs + at * hourMs, seconds: 3000, up: 300_000_000, down: 7_000_000_000 });
  }
  return all.sort((a, b) => a.from - b.from || a.who - b.who);
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function packet(at: number, attributes: readonly (readonly [string, string])[]): string {
  const date = new Date(at);
  const clock = date.toISOString().slice(11, 19);
  const head = `${weekdays[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock} ${date.getUTCFullYear()}`;
  const lines = [...attributes, ['Timestamp', `${at / 1000}`] as const].map(([name, value]) => `\t${name} = ${value}`);
  return `${head}\n${lines.join('\n')}\n\n`;
}

function detailFile(sessions: readonly Session[]): string {
  const packets = sessions.flatMap(({ who, from, seconds, up, down }) => {
    const common = [
      ['User-Name', `"${user(who)}"`],
      ['NAS-Identifier', fibre(who) ? '"bng-1"' : '"cmts-1"'],
      ['NAS-Port-Type', fibre(who) ? 'Ethernet' : 'Cable'],
      ['Acct-Session-Id', `"${user(who)}-${from / 1000}"`],
    ] as const;
    const giga = (octets: number): string => `${Math.floor(octets / 2 ** 32)}`;
    const low = (octets: number): string => `${octets % 2 ** 32}`;
    const end = [
      ['Acct-Session-Time', `${seconds}`],
      ['Acct-Input-Octets', low(up)],
      ['Acct-Input-Gigawords', giga(up)],
      ['Acct-Output-Octets', low(down)],
      ['Acct-Output-Gigawords', giga(down)],
      ['Acct-Terminate-Cause', 'User-Request'],
    ] as const;
    const start = { at: from, text: packet(from, [['Acct-Status-Type', 'Start'], ...common]) };
    const stopAt = from + seconds * 1000;
    return [start, { at: stopAt, text: packet(stopAt, [['Acct-Status-Type', 'Stop'], ...common, ...end]) }];
  });
  return packets
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text)
    .join('');
}

const csv = (rows: readonly (readonly string[])[]): string => `${rows.map((row) => row.join(',')).join('\n')}\n`;
const iso = (at: number): string => new Date(at).toISOString().replace('.000', '');

type Line = readonly [who: number, status: string, plan: string, since: number, until?: number];

function subscriptionFile(system: string, lines: readonly Line[]): string {
  const head = ['system', 'subscription_number', 'status', 'plan', 'segment', 'recurring_charge', 'currency', 'valid_from', 'valid_to'];
  const rows = lines.map(([who, status, of, since, until]) => [
    ...[
      system,
      user(who),
      status,
      of,
      who % 10 === 9 ? 'business' : 'consumer',
      price(of),
      'EUR',
      iso(since),
      until === undefined ? '' : iso(until),
    ],
  ]);
  return csv([head, ...rows]);
}

/** All files of the example. @example Object.keys(ispFiles()).length // 5 */
export function ispFiles(): ExampleFiles {
  const since = monday - 120 * dayMs;
  const served = Array.from({ length: customers }, (_, who) => who).filter((who) => who !== 17);
  const active = (who: number): Line => [who, 'active', plan(who), since];
  // Two lines were opened by a technician in September and never came to billing; line 6 was upgraded in the network only.
  const billed = served.filter((who) => who !== 24 && who !== 36);
  const files: Record<string, string> = {};
  for (const day of [0, 1])
    files[
      `radius/detail-${iso(monday + day * dayMs)
        .slice(0, 10)
        .replaceAll('-', '')}`
    ] = detailFile(sessionsOf(day));
  return {
    ...files,
    'olt/olt_20261104.csv': subscriptionFile('olt', served.filter(fibre).map(active)),
    'cmts/cmts_20261104.csv': subscriptionFile('cmts', [
      ...served.filter((who) => !fibre(who)).map(active),
      [17, 'ceased', plan(17), monday - 90 * dayMs],
    ]),
    'billing/billing_20261104.csv': subscriptionFile('billing', [
      ...billed.map((who): Line => (who === 6 ? [who, 'active', 'home-250', since] : active(who))),
      active(17),
    ]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const inbox = join(dirname(fileURLToPath(import.meta.url)), 'inbox');
  for (const [name, text] of Object.entries(ispFiles())) {
    mkdirSync(dirname(join(inbox, name)), { recursive: true });
    writeFileSync(join(inbox, name), text);
  }
}
