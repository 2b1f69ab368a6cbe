/**
 * Asterisk CEL, CSV (`cel_custom` in the order of its sample file): channel events become one usage record per channel, at
 * its CHAN_END. Every other event is dropped as `merged`: what it says is in the record.
 *
 * Channels open at once are bounded; when a new one would pass the bound, the oldest is reported in its place with the flag
 * `no_end`. Channels still open at the end of the file follow its rows, each at a position of its own, with the same flag.
 */
import { code, type Kind, text } from '../../core/column.ts';
import type { DeclaredTotals, Decoder, RecordSink } from '../../core/decoder.ts';
import { usage } from '../../core/kinds/index.ts';
import type { UsageRecord } from '../../core/kinds/usage.ts';
import { dropped, type Rejected, rejected } from '../../core/outcome.ts';
import { newRecord, resetter } from '../../core/record.ts';
import { csvFormat } from './csv.ts';
import { defaultLimits, type Format, type OpenOptions } from './format.ts';
import type { Preset, PresetOptions } from './preset.ts';
import { settingError } from './setting-error.ts';
import { type TimeReader, timeReader } from './time.ts';

const columns = {
  event: code('Event type'),
  time: text('Event time: epoch with fraction, or local'),
  number: text('Caller number'),
  exten: text('Extension dialled'),
  channel: text('Channel'),
  unique: text('uniqueid'),
  linked: text('linkedid'),
  peer: text('Peer channel'),
  extra1: text('What the event adds, wherever this version puts it'),
  extra2: text('As above'),
  extra3: text('As above'),
};
const event: Kind<typeof columns> = {
  name: 'cel_event',
  table: '',
  comment: 'A channel event, never stored itself',
  columns,
  required: [],
};
type CelEvent = { -readonly [K in keyof typeof columns]: string };

const events = csvFormat(
  {
    format: 'csv',
    kind: 'cel_event',
    columnCount: [16, 24],
    columns: { event: 1, time: 2, number: 4, exten: 8, channel: 10, unique: 15, linked: 16, peer: 17, extra1: 18, extra2: 19, extra3: 20 },
  },
  'cel',
  'format',
  true,
  event,
);

interface Channel {
  unique: string;
  linked: string;
  channel: string;
  number: string;
  exten: string;
  peer: string;
  start: number;
  answer: number;
  cause: number;
  status: string;
  offset: number;
  /** The last event's bytes: the original of a record that never ended. */
  bytes: Buffer;
}

const merged = dropped('merged');

class CelDecoder implements Decoder {
  readonly #sink: RecordSink;
  readonly #inner: Decoder;
  readonly #open = new Map<string, Channel>();
  readonly #most: number;
  readonly #leg: string;
  readonly #epoch: TimeReader;
  readonly #local: TimeReader;
  #last: number;

  constructor(sink: RecordSink, leg: string, timeZone: string, options: OpenOptions) {
    const epoch = timeReader('epoch', 'UTC');
    const local = timeReader('iso', timeZone);
    if (!epoch || !local) throw settingError('timeZone', `"${timeZone}" is no time zone`, 'An IANA name such as Europe/Berlin, or +02:00');
    this.#sink = sink;
    this.#leg = leg;
    this.#epoch = epoch;
    this.#local = local;
    this.#most = { ...defaultLimits, ...options.limits }.openSessions;
    this.#last = (options.firstPosition ?? 1) - 1;
    const record = newRecord(event) as CelEvent;
    const reset = resetter(event);
    this.#inner = events.open(
      {
        record: record as unknown as RecordSink['record'],
        accept: (position, bytes, start, end) => {
          this.#last = position;
          const open = this.#take(record, position, bytes, start, end);
          reset(record);
          return open;
        },
        reject: (position, bytes, start, end, rejection) => {
          this.#last = position;
          return sink.reject(position, bytes, start, end, rejection);
        },
        drop: (position, reason) => {
          this.#last = position;
          return sink.drop(position, reason);
        },
      },
      options,
    );
  }

  read(chunk: Uint8Array, at: number): number {
    return this.#inner.read(chunk, at);
  }

  end(): boolean {
    if (!this.#inner.end()) return false;
    for (const channel of this.#open.values()) {
      this.#open.delete(channel.unique);
      this.#last++;
      if (!this.#unfinished(channel, this.#last)) return false;
    }
    return true;
  }

  declared(): DeclaredTotals {
    return {};
  }

  header(): string {
    return '';
  }

  #take(cel: CelEvent, position: number, bytes: Uint8Array, start: number, end: number): boolean {
    const at = this.#time(cel.time);
    const fault = this.#fault(cel, at);
    if (fault) return this.#sink.reject(position, bytes, start, end, fault);
    if (cel.event === 'LINKEDID_END') return this.#sink.drop(position, merged);
    let channel = this.#open.get(cel.unique);
    let oldest: Channel | undefined;
    if (!channel) {
      if (cel.event !== 'CHAN_END' && this.#open.size >= this.#most) oldest = this.#open.values().next().value;
      if (oldest) this.#open.delete(oldest.unique);
      channel = this.#newChannel(cel, at);
      this.#open.set(cel.unique, channel);
    }
    merge(channel, cel, at);
    if (cel.event === 'CHAN_END') {
      this.#open.delete(cel.unique);
      this.#fill(channel, at);
      return this.#sink.accept(position, bytes, start, end);
    }
    channel.bytes = Buffer.from(bytes.subarray(start, Math.min(end, start + 4096)));
    return oldest ? this.#unfinished(oldest, position) : this.#sink.drop(position, merged);
  }

  #fault(cel: CelEvent, at: number): Rejected | undefined {
    if (Number.isNaN(at)) return rejected('bad_time', 'start_time', 'the event time is neither an epoch nor a local time');
    return cel.unique === '' ? rejected('missing_field', 'session_id', 'the uniqueid is empty') : undefined;
  }

  #newChannel({ unique, linked, channel, number, exten }: CelEvent, at: number): Channel {
    return {
      unique,
      linked,
      channel,
      number,
      exten,
      peer: '',
      start: at,
      answer: 0,
      cause: 0,
      status: '',
      offset: this.#local.offsetMinutes,
      bytes: Buffer.alloc(0),
    };
  }

  #time(time: string): number {
    const bytes = Buffer.from(time);
    if (time.length > 64 || time === '') return Number.NaN;
    const reader = time.includes('-') ? this.#local : this.#epoch;
    return reader.read(bytes, 0, bytes.length);
  }

  #unfinished(channel: Channel, position: number): boolean {
    this.#fill(channel, 0);
    (this.#sink.record as unknown as UsageRecord).flags = 'no_end';
    return this.#sink.accept(position, channel.bytes, 0, channel.bytes.length);
  }

  #fill(channel: Channel, end: number): void {
    const record = this.#sink.record as unknown as UsageRecord;
    record.leg = this.#leg;
    record.service = 'voice';
    record.rat = 'sip';
    record.direction = 'mo';
    record.answered = channel.answer > 0;
    record.cause = channel.cause;
    record.final_status = channel.status || (channel.answer > 0 ? 'ANSWERED' : '');
    record.session_id = channel.linked || channel.unique;
    record.charging_id = channel.unique;
    record.subscriber_number = channel.number;
    record.other_party_number = channel.exten;
    record.trunk_in = withoutSerial(channel.channel);
    record.route = withoutSerial(channel.peer);
    record.start_time = channel.start;
    record.answer_time = channel.answer;
    record.end_time = end;
    record.utc_offset_minutes = channel.offset;
    if (end > channel.start) record.duration_seconds = (end - channel.start) / 1000;
    if (channel.answer > 0 && end > channel.answer) record.billable_seconds = (end - channel.answer) / 1000;
    if (channel.answer > channel.start) record.setup_delay_ms = channel.answer - channel.start;
  }
}

function merge(channel: Channel, cel: CelEvent, at: number): void {
  if (cel.number !== '') channel.number = channel.number || cel.number;
  if (cel.exten !== '' && (channel.exten === '' || channel.exten === 's')) channel.exten = cel.exten;
  if (cel.peer !== '' && channel.peer === '') channel.peer = cel.peer;
  if (cel.event === 'ANSWER' && channel.answer === 0) channel.answer = at;
  if (cel.event !== 'HANGUP') return;
  for (const extra of [cel.extra1, cel.extra2, cel.extra3]) {
    // Older versions write "16,source,ANSWER", newer ones {"hangupcause":16,…,"dialstatus":"ANSWER"}.
    const cause = /^(\d{1,3}),/.exec(extra)?.[1] ?? /"hangupcause":\s*(\d{1,3})/.exec(extra)?.[1];
    if (cause === undefined) continue;
    channel.cause = Number(cause);
    channel.status = /,([A-Z]{2,20})$/.exec(extra.slice(-32))?.[1] ?? /"dialstatus":\s*"([A-Z]{2,20})"/.exec(extra)?.[1] ?? '';
  }
}

function withoutSerial(channel: string): string {
  const dash = channel.lastIndexOf('-');
  return dash > 0 ? channel.slice(0, dash) : channel;
}

function celFormat(options: PresetOptions = {}): Format {
  const leg = options.leg ?? 'switch';
  const timeZone = options.timeZone ?? 'UTC';
  if (!timeReader('iso', timeZone))
    throw settingError('timeZone', `"${timeZone}" is no time zone`, 'An IANA name such as Europe/Berlin, or +02:00');
  return {
    name: 'asterisk-cel',
    kind: usage as unknown as Kind,
    positionUnit: 'row',
    open: (sink, open = {}) => new CelDecoder(sink, leg, timeZone, open),
  };
}

export const asteriskCel: Preset = {
  name: 'asterisk-cel',
  title: 'Asterisk CEL, CSV',
  kind: 'usage',
  positions: 'row; channels without end follow the last row',
  drops: 'events of a channel before its CHAN_END, and LINKEDID_END (`merged`)',
  recognise: ({ lines }) =>
    /^"?(CHAN_START|CHAN_END|ANSWER|HANGUP|APP_START|BRIDGE_ENTER|BRIDGE_START|LINKEDID_END)"?,"?\d/.test(lines[0] ?? '') ? 0.98 : 0,
  format: celFormat,
};
