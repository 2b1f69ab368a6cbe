/** Bytes of a field to the value of a column, by column type. Each converter is made once per mapped column. */
import type { ColumnType } from '../../core/column.ts';
import { readMoney, readNumber } from './number.ts';
import type { Row } from './row.ts';
import { settingError } from './setting-error.ts';
import { timeReader } from './time.ts';
import { readClock, unitFactor } from './unit.ts';

export type Value = string | number | bigint | boolean | null;
/** Reads one value of a row. Notes a failure in the row and returns the initial value. */
export type Getter = (row: Row) => Value;

/** The options of a mapping that bear on a conversion, sources already resolved to slots. */
export interface Conversion {
  readonly column: string;
  readonly type: ColumnType;
  /** Setting path for errors. */
  readonly path: string;
  readonly time: string;
  readonly timeZone: string;
  readonly unit: string | undefined;
  readonly unitSlot: number;
  readonly gigawordsSlot: number;
  readonly mark: number;
  readonly scale: number;
  readonly times: number;
}

const integerRange: Partial<Record<ColumnType, readonly [number, number]>> = {
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
};

/** The getter of a field for a column. Throws `config_invalid` when the options do not suit the column. */
export function converter(slot: number, conversion: Conversion): Getter {
  const { type, path, column } = conversion;
  const numeric = type in integerRange || type === 'float' || type === 'measure';
  if (!numeric && (conversion.unit !== undefined || conversion.unitSlot >= 0 || conversion.gigawordsSlot >= 0))
    throw settingError(`${path}.unit`, `the column ${column} has no unit`);
  switch (type) {
    case 'code':
      return (row) => row.code(slot);
    case 'text':
    case 'transient':
      return (row) => row.text(slot);
    case 'instant':
      return instantGetter(slot, conversion);
    case 'money':
      return moneyGetter(slot, conversion);
    case 'flag':
      return flagGetter(slot, column);
    case 'hash':
      return hashGetter(slot, column);
    case 'labels':
      throw settingError(path, `fill ${column} with "attributes" of the mapping`);
    default:
      return numberGetter(slot, conversion);
  }
}

function instantGetter(slot: number, { time, timeZone, column, path }: Conversion): Getter {
  const reader = timeReader(time, timeZone);
  if (!reader) {
    if (!timeReader('iso', timeZone))
      throw settingError(`${path}.timeZone`, `"${timeZone}" is no time zone`, 'An IANA name such as Europe/Berlin, or +02:00');
    throw settingError(
      `${path}.time`,
      `"${time}" is no time format`,
      'iso, epoch, epochMs, epochUs, epochNs or a pattern such as DD.MM.YYYY hh:mm:ss',
    );
  }
  return (row) => {
    const field = row.slots[slot]!;
    if (field < 0) return 0;
    const start = row.starts[field]!;
    const end = row.ends[field]!;
    if (start >= end) return 0;
    const value = reader.read(row.bytes, start, end);
    if (Number.isNaN(value)) {
      row.fail('bad_time', column, `not a time in the format ${time}`);
      return 0;
    }
    row.offsetMinutes = reader.offsetMinutes;
    return value;
  };
}

function moneyGetter(slot: number, { mark, scale, times, column }: Conversion): Getter {
  return (row) => {
    const field = row.slots[slot]!;
    if (field < 0) return 0;
    const start = row.starts[field]!;
    const end = row.ends[field]!;
    if (start >= end) return 0;
    let value = readMoney(row.bytes, start, end, mark, scale);
    if (times !== 1) value = Math.round(value * times);
    if (Number.isSafeInteger(value)) return value;
    row.fail('bad_number', column, 'not an amount of money, or too large');
    return 0;
  };
}

function flagGetter(slot: number, column: string): Getter {
  return (row) => {
    const text = row.code(slot);
    switch (text.length > 5 ? text : text.toLowerCase()) {
      case '':
      case '0':
      case 'false':
      case 'f':
      case 'no':
      case 'n':
      case 'off':
        return false;
      case '1':
      case 'true':
      case 't':
      case 'yes':
      case 'y':
      case 'on':
        return true;
    }
    row.fail('impossible_value', column, 'neither yes nor no');
    return false;
  };
}

function hashGetter(slot: number, column: string): Getter {
  return (row) => {
    const text = row.text(slot);
    if (text === '') return 0n;
    if (text.length <= 20 && digits(text)) {
      const value = BigInt(text);
      if (value < 1n << 64n) return value;
    }
    row.fail('bad_number', column, 'not an unsigned 64-bit integer');
    return 0n;
  };
}

function digits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false;
  return true;
}

function numberGetter(slot: number, conversion: Conversion): Getter {
  const { type, column, mark, scale, times, unit, unitSlot, gigawordsSlot, path } = conversion;
  const read = readerOf(conversion);
  const empty = type === 'measure' ? null : 0;
  const [least, most] = integerRange[type] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const integer = type in integerRange;
  let factor = times;
  if (unit !== undefined && unit !== 'hh:mm:ss') {
    const ofUnit = unitFactor(column, unit);
    if (ofUnit === undefined)
      throw settingError(
        `${path}.unit`,
        `"${unit}" is no unit of ${column}`,
        'us, ms, s, min, h, hh:mm:ss; octets, bits, kB, KiB, MB, MiB, GB, GiB',
      );
    factor *= ofUnit;
  }
  if (scale > 0) factor /= 10 ** scale;
  // 1500 ms is 1500 / 1000 s exactly, while 1500 * 0.001 is not.
  const divisor = factor !== 0 && Math.abs(factor) < 1 ? Math.round(1 / factor) : 0;
  const divides = divisor !== 0 && Math.abs(1 / divisor - factor) < 1e-15;
  return (row) => {
    const field = row.slots[slot]!;
    if (field < 0) return empty;
    const start = row.starts[field]!;
    const end = row.ends[field]!;
    if (start >= end) return empty;
    let value = read(row.bytes, start, end, mark);
    if (factor !== 1) value = divides ? value / divisor : value * factor;
    if (unitSlot >= 0) value *= stated(row, unitSlot, column);
    if (gigawordsSlot >= 0) value += gigawords(row, gigawordsSlot, column);
    if (integer) value = Math.round(value);
    if (value >= least && value <= most && value !== Number.POSITIVE_INFINITY && value !== Number.NEGATIVE_INFINITY) return value;
    if (value < 0 && least === 0) row.fail(column.startsWith('octets') ? 'negative_volume' : 'bad_number', column, 'below zero');
    else row.fail('bad_number', column, Number.isNaN(value) ? 'not a number' : `outside of ${type}`);
    return empty;
  };
}

function readerOf({ unit, column, path }: Conversion): typeof readNumber {
  if (unit !== 'hh:mm:ss') return readNumber;
  const factor = unitFactor(column, 's');
  if (factor === undefined) throw settingError(`${path}.unit`, `${column} is no duration`);
  return (bytes, start, end) => readClock(bytes, start, end) * factor;
}

function stated(row: Row, slot: number, column: string): number {
  const unit = row.code(slot);
  const factor = unit === '' ? 1 : unitFactor(column, unit);
  if (factor !== undefined) return factor;
  row.fail('bad_unit', column, 'the unit is not known');
  return 1;
}

function gigawords(row: Row, slot: number, column: string): number {
  const field = row.slots[slot]!;
  if (field < 0 || row.starts[field]! >= row.ends[field]!) return 0;
  const value = readNumber(row.bytes, row.starts[field]!, row.ends[field]!);
  if (Number.isInteger(value) && value >= 0) return value * 4_294_967_296;
  row.fail('bad_number', column, 'the gigawords are not a count');
  return 0;
}
