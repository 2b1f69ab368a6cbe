/**
 * The load of the ingest benchmark: voice records as a switch sends them, with everything that costs time on the way in. Deterministic: record
 * `i` of a seed is always the same, so a load can be written in parts.
 *
 *     npx tsx bench/load.ts 1000000 load.csv [FIRST]     writes the records, and load-*.csv with the reference rows beside them
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Mapping } from '../core/settings/mapping.ts';
import { amountText, secondsText } from '../simulator/feed.ts';
import { isoText } from '../simulator/instant.ts';
import { destinations, homeNumber } from '../simulator/numbers.ts';
import { bits, type Draws, draws, hex, integer, keyOf, rekey, uniform } from '../simulator/random.ts';

export interface LoadOptions {
  readonly seed: number;
  readonly subscribers: number;
  /** Start of the first record, ms; a day is spread over the load. */
  readonly from: number;
  /** Share of records that a reader must reject. */
  readonly rejects: number;
  /** These are well-formed: all state a negative duration. */
  readonly wellFormed?: boolean;
}

export const defaultLoad: LoadOptions = { seed: 7, subscribers: 1_000_000, from: Date.UTC(2026, 10, 2), rejects: 0.01 };

/** What was written, for checking what was stored. */
export interface LoadFacts {
  records: number;
  bytes: number;
  rejected: number;
  /** Of the readable records: seconds of use, micro-units charged. */
  billableSeconds: number;
  charge: number;
}

const columns = [
  'RecordType',
  'CallReference',
  'Switch',
  'Sequence',
  'CallingNumber',
  'CalledNumber',
  'StartTime',
  'AnswerTime',
  'EndTime',
  'Duration',
  'BillableDuration',
  'Cause',
  'ReleasedBy',
  'Result',
  'PostDialDelay',
  'SetupDelay',
  'TrunkIn',
  'TrunkOut',
  'Cell',
  'ServingNetwork',
  'Rat',
  'Tac',
  'CallId',
  'Mos',
  'Jitter',
  'Loss',
  'Charge',
  'Tariff',
] as const;

/** First line of a load. */
export const loadHeader: string = columns.join(',');

export const cellCount = 5000;
export const routeCount = 200;
const partnerCount = 40;
const poolSize = 200_000;
const spread = 86_400_000;
const causes = [16, 16, 16, 16, 16, 17, 19, 31, 34, 41] as const;

const mos = Array.from({ length: 100 }, (_, index) => (3.4 + index / 100).toFixed(2));
const tenths = Array.from({ length: 300 }, (_, index) => (index / 10).toFixed(1));
const cellKey = (index: number): string => `99971-${index % 40}-${index}`;

const from: Draws = draws(0);

/** Adds up what `record` makes readable. */
interface Sums {
  rejected: number;
  billableSeconds: number;
  charge: number;
}

/**
 * Record `i` of a load as a line without line end; counts it in `sums`.
 * @example record(0, defaultLoad, { rejected: 0, billableSeconds: 0, charge: 0 }).split(',').length // 28
 */
export function record(i: number, options: LoadOptions, sums: Sums): string {
  rekey(from, keyOf(options.seed, 0x4c4f41, i));
  const start = options.from + ((Math.imul(i, 7919) >>> 0) % spread);
  const setup = 900 + integer(from, 9000);
  const cause = causes[integer(from, causes.length)]!;
  const answered = cause === 16;
  const talk = answered ? 1000 + Math.floor(240_000 * uniform(from) ** 3) : 0;
  const end = start + setup + talk;
  const seconds = Math.ceil(talk / 1000);
  const charge = seconds * 500;
  const subscriber = homeNumber(20_000 + integer(from, options.subscribers));
  const other = uniform(from) < 0.8 ? unseen(i) : known(options.seed, integer(from, poolSize));
  const reference = `${hex(bits(from))}${hex(i)}`;
  const faulty = uniform(from) < options.rejects ? 1 + integer(from, 4) : 0;
  const fault = faulty > 0 && options.wellFormed ? 2 : faulty;
  if (fault === 0) {
    sums.billableSeconds += seconds;
    sums.charge += charge;
  } else sums.rejected++;
  const startText = fault === 1 ? '2026-02-31 25:61:00.000' : time(start);
  const duration = fault === 2 ? '-12' : fault === 3 ? 'n/a' : secondsText(end - start);
  const head = `MOC,${reference},msc-${1 + integer(from, 8)},${i},+${subscriber},${dialled(other)},${startText},${answered ? time(end - talk) : ''},${time(end)},${duration},${seconds},${cause}`;
  if (fault === 4) return head;
  const quality = `${mos[integer(from, 100)]},${tenths[integer(from, 300)]},${tenths[integer(from, 20)]}`;
  const cell = integer(from, cellCount);
  return `${head},${answered ? 'caller' : 'network'},${answered ? 'ANSWERED' : 'NO ANSWER'},${500 + integer(from, 4000)},${setup},TG-IN-${integer(from, routeCount)},TG-OUT-${integer(from, routeCount)},${cellKey(cell)},999-71,${uniform(from) < 0.3 ? '5g' : '4g'},0010010${integer(from, 10)},${reference}-${hex(bits(from))}-${hex(bits(from))}-${hex(bits(from))}-${hex(i)}@sbc-${integer(from, 4)}.core.voice.example.net,${quality},${amountText(charge)},T-${integer(from, 20)}-v3`;
}

/** Local time of the switch, without offset: the mapping states the zone. */
const time = (instant: number): string => {
  const text = isoText(instant, 0, '');
  return `${text.slice(0, 10)} ${text.slice(11)}`;
};

/** A number that occurs once: an area code that was never assigned, and the record's own number spread over the rest. */
function unseen(i: number): string {
  return homeNumber(2_000_000 + ((i * 7_368_787) % 600_000_000));
}

/** One of the numbers that come again: two thirds at home, one third abroad. */
function known(seed: number, place: number): string {
  if (place % 3 < 2) return homeNumber(1_100_000 + place);
  const destination = destinations[place % destinations.length]!;
  const size = 10 ** destination.free;
  return destination.stem + `${keyOf(seed, place) % size}`.padStart(destination.free, '0');
}

/** As people dial: national at home, 011 abroad, or with a plus. */
function dialled(number: string): string {
  const way = number.charCodeAt(number.length - 1) % 3;
  if (way === 0) return `+${number}`;
  return number.startsWith('1') ? number.slice(way === 1 ? 1 : 0) : `011${number}`;
}

/**
 * Writes records `first` to `first + count - 1` with the header row to an open file.
 * @param fd of a file, pipe or socket; written in pieces of about 300 KB.
 */
export function writeLoad(fd: number, count: number, options: LoadOptions = defaultLoad, first = 0): LoadFacts {
  const facts: LoadFacts = { records: count, bytes: writeAll(fd, `${loadHeader}\n`), rejected: 0, billableSeconds: 0, charge: 0 };
  const lines: string[] = [];
  for (let i = first; i < first + count; i++) {
    lines.push(record(i, options, facts));
    if (lines.length < 1000 && i < first + count - 1) continue;
    lines.push('');
    facts.bytes += writeAll(fd, lines.join('\n'));
    lines.length = 0;
  }
  return facts;
}

function writeAll(fd: number, text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  return bytes.length;
}

/** How the columns of the load become columns of usage. */
export const loadMapping: Mapping = {
  format: 'csv',
  kind: 'usage',
  header: true,
  columnCount: columns.length,
  timeZone: 'UTC',
  constants: { leg: 'switch', service: 'voice', direction: 'mo', currency: 'USD' },
  columns: {
    charging_id: 'CallReference',
    node: 'Switch',
    local_sequence: 'Sequence',
    subscriber_number: 'CallingNumber',
    other_party_number: 'CalledNumber',
    start_time: { from: 'StartTime', time: 'YYYY-MM-DD hh:mm:ss.fff', required: true },
    answer_time: { from: 'AnswerTime', time: 'YYYY-MM-DD hh:mm:ss.fff' },
    end_time: { from: 'EndTime', time: 'YYYY-MM-DD hh:mm:ss.fff' },
    duration_seconds: 'Duration',
    billable_seconds: 'BillableDuration',
    cause: 'Cause',
    release_side: 'ReleasedBy',
    final_status: 'Result',
    answered: { from: 'Result', values: { ANSWERED: true }, otherwise: false },
    post_dial_delay_ms: 'PostDialDelay',
    setup_delay_ms: 'SetupDelay',
    trunk_in: 'TrunkIn',
    route: 'TrunkOut',
    cell: 'Cell',
    mcc_mnc: 'ServingNetwork',
    rat: 'Rat',
    tac: 'Tac',
    session_id: 'CallId',
    mos: 'Mos',
    jitter_ms: 'Jitter',
    loss_percent: 'Loss',
    charge: 'Charge',
    tariff: 'Tariff',
  },
};

/** A reference table of the load: CSV text whose header names the columns of the kind. */
export interface LoadTable {
  readonly kind: 'cell' | 'partner' | 'subscription' | 'prefix_zone' | 'cause_mapping';
  readonly text: string;
}

const validFrom = '2026-01-01T00:00:00Z';
const table = (kind: LoadTable['kind'], header: string, rows: readonly string[]): LoadTable => ({
  kind,
  text: `${header}\n${rows.join('\n')}\n`,
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

/** 2,000 prefixes: home and abroad, area codes, and longer ones inside them, so that the longest match has work to do. */
export function loadPrefixes(): string[] {
  const areas = times(80, (index) => `1${2 + Math.floor(index / 10)}9${index % 10}`);
  const longer = areas.flatMap((area) => times(8, (digit) => `${area}${2 + digit}`));
  const longest = longer.flatMap((prefix) => [0, 3, 7].map((digit) => `${prefix}${digit}`));
  return ['1', ...destinations.map(({ prefix }) => prefix), ...areas, ...longer, ...longest].slice(0, 2000);
}

/** The four enrichment tables: cells, partners with their routes, a sample of the subscriptions, prefixes and causes. */
export function loadTables(options: LoadOptions = defaultLoad): LoadTable[] {
  const routes = (partner: number): string =>
    times(routeCount / partnerCount, (index) => `TG-OUT-${partner + index * partnerCount}`).join(',');
  return [
    table(
      'cell',
      'cell,site,zone,rat,node,valid_from',
      times(cellCount, (index) => `${cellKey(index)},site-${index % 1700},zone-${index % 12},4g,msc-${1 + (index % 8)},${validFrom}`),
    ),
    table(
      'partner',
      'partner,name,partner_kind,routes,valid_from',
      times(partnerCount, (index) => `partner-${index},Partner ${index},carrier,"${routes(index)}",${validFrom}`),
    ),
    table(
      'subscription',
      'system,subscription_number,status,plan,segment,valid_from',
      times(
        50_000,
        (index) =>
          `hlr,+${homeNumber(20_000 + index * Math.floor(options.subscribers / 50_000))},active,plan-${index % 12},consumer,${validFrom}`,
      ),
    ),
    table(
      'prefix_zone',
      'prefix,country,zone,name,valid_from',
      loadPrefixes().map(
        (prefix, index) =>
          `${prefix},${destinations.find((one) => prefix.startsWith(one.prefix))?.country ?? 'US'},zone-${index % 30},Destination ${index},${validFrom}`,
      ),
    ),
    table(
      'cause_mapping',
      'scheme,value,cause_class,name,valid_from',
      [...new Set(causes)].map(
        (value) => `q850,${value},${value === 16 ? 'normal' : value < 32 ? 'user' : 'network'},Cause ${value},${validFrom}`,
      ),
    ),
  ];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const count = Number(process.argv[2] ?? 100_000);
  const path = process.argv[3] ?? 'load.csv';
  const first = Number(process.argv[4] ?? 0);
  const fd = openSync(path, 'w');
  const begun = performance.now();
  const facts = writeLoad(fd, count, defaultLoad, first);
  closeSync(fd);
  for (const { kind, text } of loadTables()) writeFileSync(path.replace(/(\.csv)?$/, `-${kind}.csv`), text);
  writeFileSync(path.replace(/(\.csv)?$/, '.json'), JSON.stringify(facts));
  console.log({ ...facts, seconds: (performance.now() - begun) / 1000, bytesPerRecord: facts.bytes / count });
}
