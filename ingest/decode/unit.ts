/** Units of durations and volumes, as factors to the unit of the target column. */

const durations: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
const volumes: Readonly<Record<string, number>> = {
  bits: 0.125,
  octets: 1,
  kB: 1e3,
  KiB: 1024,
  MB: 1e6,
  MiB: 1024 ** 2,
  GB: 1e9,
  GiB: 1024 ** 3,
  TB: 1e12,
  TiB: 1024 ** 4,
};
const aliases: Readonly<Record<string, string>> = {
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  msec: 'ms',
  millis: 'ms',
  milliseconds: 'ms',
  minute: 'min',
  minutes: 'min',
  mins: 'min',
  hour: 'h',
  hours: 'h',
  b: 'octets',
  B: 'octets',
  bytes: 'octets',
  KB: 'kB',
  kb: 'kB',
  mb: 'MB',
  gb: 'GB',
};

/** Milliseconds of the unit that the column is in; 0 = not a duration. */
function columnUnit(column: string): number {
  if (column.endsWith('_seconds') || column === 'seconds') return 1000;
  return column.endsWith('_ms') ? 1 : 0;
}

/** Whether the column holds a volume in octets. */
function isVolume(column: string): boolean {
  return column.startsWith('octets');
}

/**
 * What a number in `unit` is multiplied by to stand in `column`; undefined when the unit does not suit the column.
 * @example unitFactor('duration_seconds', 'min') // 60
 * @example unitFactor('octets_up', 'KiB') // 1024
 */
export function unitFactor(column: string, unit: string): number | undefined {
  const name = Object.hasOwn(aliases, unit) ? aliases[unit]! : unit;
  const base = columnUnit(column);
  if (base > 0) return Object.hasOwn(durations, name) ? durations[name]! / base : undefined;
  return isVolume(column) && Object.hasOwn(volumes, name) ? volumes[name] : undefined;
}

/**
 * Seconds of `hh:mm:ss`, `mm:ss` or `h:mm:ss.fff`; NaN when the bytes are not that.
 * @example readClock(Buffer.from('01:02:03'), 0, 8) // 3723
 */
export function readClock(bytes: Uint8Array, start: number, end: number): number {
  let total = 0;
  let part = 0;
  let digits = 0;
  let colons = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 48 && byte <= 57 && digits < 6) {
      part = part * 10 + byte - 48;
      digits++;
    } else if (byte === 58 && digits > 0 && colons < 2 && (colons === 0 || part < 60)) {
      total = (total + part) * 60;
      part = 0;
      digits = 0;
      colons++;
    } else if (byte === 46 && digits > 0 && colons > 0 && part < 60) {
      let weight = 0.1;
      for (at++; at < end; at++, weight /= 10) {
        const digit = bytes[at]! - 48;
        if (!(digit >= 0 && digit <= 9)) return Number.NaN;
        part += digit * weight;
      }
    } else return Number.NaN;
  }
  return digits > 0 && colons > 0 && part < 60 ? total + part : Number.NaN;
}
