/**
 * RADIUS accounting as FreeRADIUS writes it to detail files: a date line, one `Attribute = value` per line, a blank line.
 *
 * Each packet is one record. The counters of RADIUS grow over a session and its Stop packet holds the totals, so only Stop
 * records carry duration and volume: sums over records are right, and a session without Stop shows as a chain without end
 * (`closing_cause` start, interim, stop). *Input* is from the user, thus up. 64-bit volumes by Gigawords (RFC 2869).
 */
import { usage } from '../../core/kinds/index.ts';
import type { UsageRecord } from '../../core/kinds/usage.ts';
import { type Dropped, dropped, type Rejected, rejected } from '../../core/outcome.ts';
import { resetter } from '../../core/record.ts';
import type { Format } from './format.ts';
import { type Boundary, framedDecoder, type RecordReader } from './framed.ts';
import { readNumber } from './number.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { settingError } from './setting-error.ts';
import { type TimeReader, timeReader } from './time.ts';

/** A packet ends at a blank line, or where a line that is not indented follows an indented one. */
class PacketBoundary implements Boundary {
  begin = -1;
  begun = false;
  #lineStart = true;
  #blank = true;
  #indented = false;

  find(bytes: Uint8Array, from: number, limit: number): number {
    this.begin = -1;
    for (let at = from; at < limit; at++) {
      const byte = bytes[at]!;
      if (!this.begun) {
        if (byte <= 32 && byte !== 0) continue;
        this.begun = true;
        this.begin = at;
        this.#lineStart = false;
        this.#blank = false;
        this.#indented = false;
        continue;
      }
      if (byte === 10) {
        if (this.#lineStart || this.#blank) return this.#done(at + 1);
        this.#lineStart = true;
        this.#blank = true;
        continue;
      }
      if (this.#lineStart) {
        this.#lineStart = false;
        if (byte === 9 || byte === 32) this.#indented = true;
        else if (byte !== 13 && this.#indented) return this.#done(at);
      }
      if (byte > 32) this.#blank = false;
    }
    return -1;
  }

  #done(end: number): number {
    this.begun = false;
    return end;
  }
}

const closings: Readonly<Record<string, string>> = {
  Start: 'start',
  '1': 'start',
  Stop: 'stop',
  '2': 'stop',
  'Interim-Update': 'interim',
  Alive: 'interim',
  '3': 'interim',
};
const nodeEvents: Readonly<Record<string, Dropped>> = {
  'Accounting-On': dropped('accounting_on'),
  '7': dropped('accounting_on'),
  'Accounting-Off': dropped('accounting_off'),
  '8': dropped('accounting_off'),
};
const technologies: Readonly<Record<string, string>> = {
  'Wireless-802.11': 'wlan',
  xDSL: 'dsl',
  'ADSL-DMT': 'dsl',
  VDSL: 'dsl',
  Cable: 'docsis',
  Async: 'pstn',
};

class PacketReader implements RecordReader {
  readonly #leg: string;
  readonly #local: TimeReader;
  readonly #stamp: TimeReader;
  readonly #values = new Map<string, string>();
  #date = '';

  constructor(leg: string, timeZone: string) {
    const local = timeReader('MMM D YYYY hh:mm:ss', timeZone);
    const stamp = timeReader('MMM D YYYY hh:mm:ss', 'UTC');
    if (!local || !stamp) throw settingError('timeZone', `"${timeZone}" is no time zone`, 'An IANA name such as Europe/Berlin, or +02:00');
    this.#leg = leg;
    this.#local = local;
    this.#stamp = stamp;
  }

  begin(bytes: Buffer, start: number, end: number): number | Rejected {
    if (bytes.subarray(start, end).indexOf(0) >= 0) return rejected('unreadable', '', 'holds NUL bytes: binary data?');
    this.#values.clear();
    this.#date = '';
    for (const line of bytes.toString('utf8', start, end).split('\n')) {
      const at = line.indexOf('=');
      if (at < 0) {
        if (this.#date === '') this.#date = line.trim();
        continue;
      }
      const name = line
        .slice(0, at)
        .replace(/:?\+?$/, '')
        .trim();
      if (!this.#values.has(name)) this.#values.set(name, unquoted(line.slice(at + 1).trim()));
    }
    return this.#values.size > 0 ? 1 : rejected('unreadable', '', 'no "Attribute = value" line');
  }

  fill(_: number, target: object): Rejected | Dropped | null {
    const status = this.#text('Acct-Status-Type');
    if (Object.hasOwn(nodeEvents, status)) return nodeEvents[status]!;
    if (!Object.hasOwn(closings, status))
      return status === ''
        ? rejected('missing_field', 'closing_cause', 'no Acct-Status-Type')
        : rejected('unknown_kind', 'closing_cause', 'an Acct-Status-Type that is not accounting of a session');
    const record = target as UsageRecord;
    const closing = closings[status]!;
    const at = this.#eventTime(record);
    if (Number.isNaN(at)) return rejected('bad_time', 'start_time', 'no readable Event-Timestamp, Timestamp or date line');
    const seconds = this.#number('Acct-Session-Time');
    if (seconds === undefined) return rejected('bad_number', 'duration_seconds', 'Acct-Session-Time is not a count');
    record.leg = this.#leg;
    record.service = 'data';
    record.direction = 'mo';
    record.answered = true;
    record.closing_cause = closing;
    record.final_status = this.#text('Acct-Terminate-Cause');
    record.node = this.#text('NAS-Identifier') || this.#text('NAS-IP-Address') || this.#text('NAS-IPv6-Address');
    record.session_id = this.#text('Acct-Session-Id');
    record.charging_id = this.#text('3GPP-Charging-ID') || this.#text('Acct-Unique-Session-Id') || this.#text('Acct-Multi-Session-Id');
    record.subscriber_number = this.#text('User-Name') || this.#text('Calling-Station-Id');
    record.imsi_number = this.#text('3GPP-IMSI');
    record.imei_number = this.#text('3GPP-IMEISV');
    record.apn = record.imsi_number === '' ? '' : this.#text('Called-Station-Id');
    record.rat = technologies[this.#text('NAS-Port-Type')] ?? '';
    record.route = this.#text('NAS-Port-Id');
    record.start_time = closing === 'start' ? at : at - seconds * 1000;
    if (record.session_id === '') record.flags = 'no_session_id';
    return closing === 'stop' ? this.#totals(record, at, seconds) : null;
  }

  #totals(record: UsageRecord, at: number, seconds: number): Rejected | null {
    record.end_time = at;
    record.duration_seconds = seconds;
    record.billable_seconds = seconds;
    for (const [column, name] of [
      ['octets_up', 'Input'],
      ['octets_down', 'Output'],
    ] as const) {
      const low = this.#number(`Acct-${name}-Octets`);
      const high = this.#number(`Acct-${name}-Gigawords`);
      if (low === undefined || high === undefined) return rejected('bad_number', column, `Acct-${name}-Octets or Gigawords is not a count`);
      const octets = high * 4_294_967_296 + low;
      if (!Number.isSafeInteger(octets)) return rejected('bad_number', column, 'more octets than can be');
      record[column] = octets;
    }
    // A Stop that states no volume at all must not be taken for an idle session.
    if (!this.#values.has('Acct-Input-Octets') && !this.#values.has('Acct-Output-Octets'))
      record.flags = record.flags === '' ? 'no_octets' : `${record.flags} no_octets`;
    return null;
  }

  #text(name: string): string {
    return this.#values.get(name) ?? '';
  }

  /** 0 where absent; undefined where it is not a count. */
  #number(name: string): number | undefined {
    const text = this.#values.get(name);
    if (text === undefined) return 0;
    const value = readNumber(Buffer.from(text), 0, text.length);
    return Number.isInteger(value) && value >= 0 && value <= 4_294_967_295 ? value : undefined;
  }

  /** When it happened: as the server stamped it, else when it was received less the delay, else the date line. */
  #eventTime(record: UsageRecord): number {
    const stamp = this.#text('Event-Timestamp');
    if (stamp !== '') return this.#time(stamp, record);
    const delay = (this.#number('Acct-Delay-Time') ?? 0) * 1000;
    const received = this.#text('Timestamp');
    if (received !== '') return this.#time(received, record) - delay;
    return this.#time(this.#date.replace(/^[A-Za-z]{3} +/, '').replace(/(\d\d:\d\d:\d\d) (\d{4})$/, '$2 $1'), record) - delay;
  }

  #time(text: string, record: UsageRecord): number {
    if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
    const utc = / (UTC|GMT)$/.test(text);
    const bytes = Buffer.from(text.replace(/ [A-Z]{2,5}$/, '').replace(/ +/g, ' '));
    const reader = utc ? this.#stamp : this.#local;
    const value = reader.read(bytes, 0, bytes.length);
    record.utc_offset_minutes = reader.offsetMinutes;
    return value;
  }
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\')
    : value;
}

function radiusFormat(options: PresetOptions = {}): Format {
  const reset = resetter(usage) as (record: object) => void;
  const leg = options.leg ?? 'aaa';
  const timeZone = options.timeZone ?? 'UTC';
  new PacketReader(leg, timeZone);
  return {
    name: 'radius-detail',
    kind: usage,
    positionUnit: 'packet',
    open: (sink, open = {}) => framedDecoder(sink, new PacketBoundary(), new PacketReader(leg, timeZone), reset, open),
  };
}

export const radiusDetail: Preset = {
  name: 'radius-detail',
  title: 'RADIUS accounting detail file',
  kind: 'usage',
  positions: 'packet',
  drops: 'Accounting-On and Accounting-Off (`accounting_on`, `accounting_off`): they are about the node, not about a session',
  recognise: ({ text }) => (/^[ \t]{1,16}Acct-Status-Type = /m.test(text) ? 0.99 : 0),
  format: radiusFormat,
};
