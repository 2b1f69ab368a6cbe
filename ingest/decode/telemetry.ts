/** What the telemetry formats share: a JSON value that gives several measurements, one position each. */
import { measurement } from '../../core/kinds/index.ts';
import type { MeasurementRecord } from '../../core/kinds/measurement.ts';
import { type Dropped, dropped, type Rejected, rejected } from '../../core/outcome.ts';
import { resetter } from '../../core/record.ts';
import { defaultLimits, type Format } from './format.ts';
import { framedDecoder, type RecordReader } from './framed.ts';
import { JsonBoundary } from './json-boundary.ts';
import { type JsonObject, readObject } from './json-value.ts';
import type { PresetOptions } from './preset.ts';
import { settingError } from './setting-error.ts';
import { type TimeReader, timeReader } from './time.ts';

/** One value on its way to a measurement. */
export interface Reading {
  readonly metric: string;
  readonly value: unknown;
  readonly unit: string;
  readonly instrument: string;
  readonly time: unknown;
  readonly device: string;
  readonly node: string;
  readonly site: string;
  readonly model: string;
  readonly firmware: string;
  readonly attributes: readonly (readonly [string, string])[];
}

const notNumeric = dropped('not_numeric');
const mostReadings = 10_000;

/** A format of JSON values that `readings` takes apart. */
export function telemetryFormat(name: string, options: PresetOptions, readings: (value: JsonObject) => readonly Reading[]): Format {
  const reset = resetter(measurement) as (record: object) => void;
  const timeZone = options.timeZone ?? 'UTC';
  const times = timeReader('iso', timeZone);
  if (!times) throw settingError('timeZone', `"${timeZone}" is no time zone`, 'An IANA name such as Europe/Berlin, or +02:00');
  return {
    name,
    kind: measurement,
    positionUnit: 'value and field',
    open(sink, open = {}) {
      const reader = new ReadingsReader(readings, times, { ...defaultLimits, ...open.limits }.depth);
      return framedDecoder(sink, new JsonBoundary('auto'), reader, reset, open);
    },
  };
}

class ReadingsReader implements RecordReader {
  readonly #readings: (value: JsonObject) => readonly Reading[];
  readonly #times: TimeReader;
  readonly #depth: number;
  #items: readonly Reading[] = [];

  constructor(readings: (value: JsonObject) => readonly Reading[], times: TimeReader, depth: number) {
    this.#readings = readings;
    this.#times = times;
    this.#depth = depth;
  }

  begin(bytes: Buffer, start: number, end: number): number | Rejected {
    const read = readObject(bytes, start, end, this.#depth);
    if (!('object' in read)) return read;
    this.#items = this.#readings(read.object);
    if (this.#items.length === 0) return rejected('missing_field', 'value', 'no metric with a value');
    return this.#items.length <= mostReadings ? this.#items.length : rejected('too_long', '', `more than ${mostReadings} values`);
  }

  fill(index: number, target: object): Rejected | Dropped | null {
    const item = this.#items[index]!;
    const value = numberOf(item.value);
    if (value === undefined) return notNumeric;
    if (!Number.isFinite(value)) return rejected('bad_number', 'value', 'not a number');
    const time = this.#time(item.time);
    if (Number.isNaN(time)) return rejected('bad_time', 'event_time', 'not an ISO time or an epoch');
    if (item.device === '') return rejected('missing_field', 'device', 'no device is named');
    const record = target as MeasurementRecord;
    record.metric = item.metric;
    record.device = item.device;
    record.event_time = time;
    record.value = value;
    record.unit = item.unit;
    record.instrument = item.instrument;
    record.node = item.node;
    record.site = item.site;
    record.model = item.model;
    record.firmware = item.firmware;
    record.attributes = item.attributes.length > 0 ? item.attributes : null;
    return null;
  }

  /** Seconds, milli-, micro- or nanoseconds are told apart by size: they differ by a thousand, the years 2001 to 2286 do not overlap. */
  #time(time: unknown): number {
    const text = typeof time === 'number' ? String(time) : time;
    if (typeof text !== 'string' || text.length > 64) return Number.NaN;
    if (/^\d+(\.\d+)?$/.test(text) && text.split('.', 1)[0]!.length !== 8) {
      const [whole = '', fraction = ''] = text.split('.', 2);
      const digits = whole.length;
      if (digits <= 11) return Number(whole) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
      if (digits <= 14) return Number(whole);
      return digits <= 17 ? Math.floor(Number(whole) / 1e3) : digits <= 20 ? Number(BigInt(whole) / 1_000_000n) : Number.NaN;
    }
    const bytes = Buffer.from(text);
    return this.#times.read(bytes, 0, bytes.length);
  }
}

/** Numbers, long integers, and true and false as 1 and 0; undefined for what is no number. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' && /^-?\d{16,}$/.test(value) && value.length < 40 ? Number(value) : undefined;
}

/** A property as text; empty when it is absent or no scalar. */
export function scalar(object: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  }
  return '';
}

/** An object-valued property; an empty object when it is none. */
export function section(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The scalars of an object but for the names given, as attributes. */
export function attributesOf(object: JsonObject, used: ReadonlySet<string>): [string, string][] {
  const attributes: [string, string][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (!used.has(name) && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'))
      attributes.push([name, String(value)]);
  }
  return attributes;
}
