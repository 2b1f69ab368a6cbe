/**
 * Makes the example data of an MVNO, always the same bytes: a week of its own rated usage, the files of its host for the same week, the host's invoice, and
 * what the network and billing know of its subscriptions. `npx tsx examples/mvno/make.ts` writes them to `inbox/`.
 *
 * Four things are wrong, and the tutorial finds them: a SIM that is not ours on the host's files, calls that the host rounds up to minutes from Thursday on,
 * a day of roaming that we never rated, and an invoice with last year's data rate. Two subscriptions are served and billed by nobody.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Name below `inbox/` and text of each file. */
export type ExampleFiles = Readonly<Record<string, string>>;

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** Monday, 00:00 UTC. */
const monday = Date.UTC(2026, 10, 2);
/** A week, which the invoice is for, and the Monday after it: by its files the week is known to be complete. */
const days = 8;
const invoiced = 7;
const subscribers = 40;
/** Agreed wholesale rates in micro-units: a second of a call, a message, an octet of data. */
const perSecond = 250;
const perMessage = 10_000;
const perMiB = 2_500;
const lastYearPerMiB = 3_000;
const mib = 1_048_576;

interface Usage {
  readonly id: string;
  readonly who: number;
  readonly service: 'voice' | 'sms' | 'data';
  readonly at: number;
  readonly seconds: number;
  readonly octets: number;
  readonly other: number;
  readonly zone: string;
}

/** A random number in [0, 1) at each call: a linear congruential generator, so that everybody gets the same week. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Numbers that the regulator of Germany keeps for fiction. */
const own = (who: number): string => `4917139200${String(who).padStart(2, '0')}`;
const other = (number: number): string => `4917604069${String(number).padStart(3, '0')}`;
const imsi = (who: number): string => `99970000000${String(1000 + who)}`;

function week(): Usage[] {
  const draw = random(20261102);
  const all: Usage[] = [];
  for (let day = 0; day < days; day++) {
    for (let who = 10; who < 10 + subscribers; who++) {
      const events = 1 + Math.floor(draw() * 4);
      for (let event = 0; event < events; event++) {
        const kind = draw();
        const service = kind < 0.4 ? 'voice' : kind < 0.6 ? 'sms' : 'data';
        const at = monday + day * dayMs + Math.floor(draw() * 24 * 3600) * 1000;
        const seconds = service === 'voice' ? 8 + Math.floor(draw() ** 2 * 900) : service === 'data' ? 60 + Math.floor(draw() * 3000) : 0;
        const octets = service === 'data' ? 200_000 + Math.floor(draw() ** 3 * 90_000_000) : 0;
        const zone = who % 4 === 0 && (day === 3 || day === 4) ? 'eu-roaming' : 'national';
        all.push({ id: `n${day}${who}${event}`, who, service, at, seconds, octets, other: Math.floor(draw() * 100), zone });
      }
    }
  }
  return all.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** A SIM of somebody else that the host puts on our bill, every day. */
function stranger(): Usage[] {
  const draw = random(7);
  return Array.from({ length: 5 * days }, (_, at) => ({
    id: `x${at}`,
    who: 90,
    service: 'data' as const,
    at: monday + Math.floor(at / 5) * dayMs + (6 + (at % 5) * 3) * 60 * minuteMs,
    seconds: 900,
    octets: 40_000_000 + Math.floor(draw() * 20_000_000),
    other: 0,
    zone: 'national',
  }));
}

const units = (micro: number): string => (micro / 1e6).toFixed(6);
const iso = (at: number): string => new Date(at).toISOString().replace('.000', '');
const dayName = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
const plan = (who: number): string => (who % 3 === 0 ? 'talk' : 'flat');
const up = (octets: number): number => Math.floor(octets / 10);
const csv = (rows: readonly (readonly (string | number)[])[]): string => `${rows.map((row) => row.join(',')).join('\n')}\n`;

/** What we charge: by the minute and the message on the plan talk, nothing on the flat one. */
function retail({ who, service, seconds, octets }: Usage): number {
  if (plan(who) === 'flat') return 0;
  if (service === 'voice') return Math.ceil(seconds / 60) * 90_000;
  return service === 'sms' ? 90_000 : Math.ceil(octets / mib) * 10_000;
}

function ratedFile(of: readonly Usage[]): string {
  const head = `leg,node,service,direction,partner,answered,subscriber_number,other_party_number,charging_id,start_time,duration_seconds,billable_seconds,octets_up,octets_down,events,zone,plan,charge,currency,zero_reason`;
  const rows = of.map((usage) => [
    ...[
      'rating',
      'rater-1',
      usage.service,
      'mo',
      'northnet',
      'true',
      own(usage.who),
      usage.service === 'data' ? '' : other(usage.other),
      usage.id,
    ],
    ...[iso(usage.at), usage.seconds, usage.seconds, up(usage.octets), usage.octets - up(usage.octets), usage.service === 'sms' ? 1 : 0],
    ...[usage.zone, plan(usage.who), units(retail(usage)), 'EUR', plan(usage.who) === 'flat' ? 'allowance' : ''],
  ]);
  return csv([[head], ...rows]);
}

/** Seconds that the host charges for a call: as agreed by the second, from Thursday on by the minute. */
const hostSeconds = ({ service, seconds, at }: Usage): number =>
  service === 'voice' && at >= monday + 3 * dayMs ? Math.ceil(seconds / 60) * 60 : seconds;

function wholesale(usage: Usage): number {
  if (usage.service === 'voice') return hostSeconds(usage) * perSecond;
  return usage.service === 'sms' ? perMessage : Math.round((usage.octets / mib) * perMiB);
}

/** Berlin, where it is winter: one hour ahead of UTC. */
function local(at: number): string {
  const [date = '', time = ''] = new Date(at + 60 * minuteMs).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}.${month}.${year} ${time.slice(0, 8)}`;
}

function hostFile(of: readonly Usage[], sequence: number): string {
  const kinds = { voice: 'MOC', sms: 'SMS', data: 'GPRS' };
  const lines = of.map((usage) => [
    ...[
      'R',
      usage.id,
      own(usage.who),
      kinds[usage.service],
      local(usage.at),
      hostSeconds(usage),
      up(usage.octets),
      usage.octets - up(usage.octets),
    ],
    ...[
      usage.service === 'data' ? '' : `0${other(usage.other).slice(2)}`,
      usage.zone === 'national' ? 'NAT' : 'EU',
      units(wholesale(usage)).replace('.', ','),
    ],
  ]);
  const total = of.reduce((sum, usage) => sum + wholesale(usage), 0);
  const all = [['H', 'NORTHNET', 'ACME', sequence], ...lines, ['T', of.length, units(total).replace('.', ',')]];
  return `${all.map((line) => line.join(';')).join('\n')}\n`;
}

function invoiceFiles(all: readonly Usage[]): ExampleFiles {
  const ends = monday + invoiced * dayMs;
  const period = [iso(monday), iso(ends)];
  const of = (service: Usage['service']) => all.filter((usage) => usage.service === service && usage.at < ends);
  const seconds = of('voice').reduce((sum, usage) => sum + hostSeconds(usage), 0);
  const octets = of('data').reduce((sum, usage) => sum + usage.octets, 0);
  const messages = of('sms').length;
  const amounts = [seconds * perSecond, messages * perMessage, Math.round((octets / mib) * lastYearPerMiB)];
  const lines = [
    ['NN-2026-45', 1, 'usage', 'voice', ...period, (seconds / 60).toFixed(2), 'minute', units(amounts[0]!), 'EUR'],
    ['NN-2026-45', 2, 'usage', 'sms', ...period, messages, 'event', units(amounts[1]!), 'EUR'],
    ['NN-2026-45', 3, 'usage', 'data', ...period, (octets / mib).toFixed(2), 'mib', units(amounts[2]!), 'EUR'],
  ];
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  const issued = iso(ends + dayMs);
  return {
    'invoices/northnet_2026-45.csv': csv([
      ['invoice_id', 'invoice_kind', 'partner', 'period_start', 'period_end', 'issued_at', 'amount', 'currency'],
      ['NN-2026-45', 'wholesale', 'northnet', ...period, issued, units(sum), 'EUR'],
    ]),
    'invoice-lines/northnet_2026-45.csv': csv([
      ['invoice_id', 'line', 'line_kind', 'service', 'period_start', 'period_end', 'quantity', 'unit', 'amount', 'currency'],
      ...lines,
    ]),
  };
}

function subscriptionFile(system: 'hlr' | 'billing', people: readonly number[]): string {
  const since = iso(monday - 60 * dayMs);
  const rows = people.map((who) => [
    ...[system, own(who), imsi(who), 'active', plan(who), 'consumer', plan(who) === 'flat' ? '15.00' : '4.00', 'EUR', since],
  ]);
  const head = ['system', 'subscription_number', 'imsi_number', 'status', 'plan', 'segment', 'recurring_charge', 'currency', 'valid_from'];
  return csv([head, ...rows]);
}

function referenceFiles(): ExampleFiles {
  const since = iso(Date.UTC(2026, 0, 1));
  const rate = (service: string, perUnit: number, unit: string, increment: number) => [
    ...['northnet-2026', '1', service, units(perUnit), unit, increment, increment, 'true', 'northnet', 'EUR', since],
  ];
  const head = [
    'tariff',
    'version',
    'service',
    'per_unit',
    'unit',
    'minimum_seconds',
    'increment_seconds',
    'wholesale',
    'partner',
    'currency',
    'valid_from',
  ];
  return {
    'partners/partners.csv': csv([
      ['partner', 'name', 'partner_kind', 'mcc_mnc', 'time_zone', 'rounding', 'dispute_limit_percent', 'valid_from'],
      ['northnet', 'Northnet', 'mno', '99970', 'Europe/Berlin', '1/1', '1', since],
    ]),
    'tariffs/northnet-2026.csv': csv([
      head,
      rate('voice', perSecond * 60, 'minute', 1),
      rate('sms', perMessage, 'event', 0),
      rate('data', perMiB, 'mib', 0),
    ]),
  };
}

/** All files of the example. @example Object.keys(mvnoFiles()).length // 22 */
export function mvnoFiles(): ExampleFiles {
  const mine = week();
  const all = [...mine, ...stranger()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const files: Record<string, string> = {};
  const people = Array.from({ length: subscribers }, (_, at) => 10 + at);
  for (let day = 0; day < days; day++) {
    const from = monday + day * dayMs;
    const within = ({ at }: Usage) => at >= from && at < from + dayMs;
    // Friday's roaming was never rated: the feed of visited networks was set up a day late.
    const rated = mine.filter((usage) => within(usage) && !(day === 4 && usage.zone === 'eu-roaming'));
    files[`rating/RATED_${dayName(from)}.csv`] = ratedFile(rated);
    files[`host/NORTHNET_${String(311 + day).padStart(6, '0')}_${dayName(from)}.csv`] = hostFile(all.filter(within), 311 + day);
  }
  return {
    ...files,
    ...invoiceFiles(all),
    'network/hlr_20261109.csv': subscriptionFile('hlr', [...people, 60, 61]),
    'billing/billing_20261109.csv': subscriptionFile('billing', people),
    ...referenceFiles(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const inbox = join(dirname(fileURLToPath(import.meta.url)), 'inbox');
  for (const [name, text] of Object.entries(mvnoFiles())) {
    mkdirSync(dirname(join(inbox, name)), { recursive: true });
    writeFileSync(join(inbox, name), text);
  }
  rmSync(join(inbox, 'host', 'README.md'), { force: true });
}
