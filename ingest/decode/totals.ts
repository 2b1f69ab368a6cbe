/** Header and trailer records: what a file says of itself. */
import type { Mapping, Total } from '../../core/settings/mapping.ts';
import { type Conversion, converter } from './convert.ts';
import { Row } from './row.ts';
import { settingError } from './setting-error.ts';

export interface TotalsReader {
  /** Whether any row may be a header or trailer record. */
  readonly active: boolean;
  /** Rows at the beginning that are header records whatever they hold. */
  readonly headerRows: number;
  isHeader(bytes: Buffer, start: number, end: number): boolean;
  isTrailer(bytes: Buffer, start: number, end: number): boolean;
  readHeader(row: Row, totals: Record<string, number>): void;
  readTrailer(row: Row, totals: Record<string, number>): void;
}

type Section = NonNullable<Mapping['headerRecord'] | Mapping['trailerRecord']>;

/** Column whose rules (type, unit) a total is read by. */
const likeColumn = {
  sequence: ['local_sequence', 'uint64'],
  records: ['events', 'uint64'],
  seconds: ['duration_seconds', 'float'],
  octets: ['octets_up', 'uint64'],
  charge: ['charge', 'money'],
  lost: ['events', 'uint64'],
  closureReason: ['events', 'uint64'],
  earliest: ['start_time', 'instant'],
  latest: ['start_time', 'instant'],
} as const;

/** The reader of a mapping's header and trailer records. */
export function totalsReader(mapping: Mapping, path: string): TotalsReader {
  const { headerRecord, trailerRecord } = mapping;
  const headerPrefix = Buffer.from(headerRecord?.prefix ?? '');
  const trailerPrefix = Buffer.from(trailerRecord?.prefix ?? '');
  if (headerRecord && headerPrefix.length === 0 && !headerRecord.rows)
    throw settingError(`${path}.headerRecord`, 'needs a prefix or a number of rows');
  if (trailerRecord && trailerPrefix.length === 0) throw settingError(`${path}.trailerRecord`, 'needs a prefix');
  return {
    active: headerPrefix.length > 0 || trailerPrefix.length > 0,
    headerRows: headerRecord?.rows ?? 0,
    isHeader: (bytes, start, end) => begins(bytes, start, end, headerPrefix),
    isTrailer: (bytes, start, end) => begins(bytes, start, end, trailerPrefix),
    readHeader: sectionReader(headerRecord, `${path}.headerRecord`, mapping.timeZone ?? 'UTC'),
    readTrailer: sectionReader(trailerRecord, `${path}.trailerRecord`, mapping.timeZone ?? 'UTC'),
  };
}

/** A prefix is compared with the text of the first field, behind an opening quote too. */
function begins(bytes: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (prefix.length === 0) return false;
  const at = bytes[start] === 34 ? start + 1 : start;
  return end - at >= prefix.length && bytes.compare(prefix, 0, prefix.length, at, at + prefix.length) === 0;
}

function sectionReader(section: Section | undefined, path: string, timeZone: string): (row: Row, totals: Record<string, number>) => void {
  const readers = Object.entries(likeColumn).flatMap(([name, [column, type]]) => {
    const total = section?.[name as keyof typeof likeColumn];
    return total === undefined
      ? []
      : [{ name, ...fieldOf(total), get: converter(0, conversionOf(total, column, type, `${path}.${name}`, timeZone)) }];
  });
  const scratch = new Row(1);
  return (row, totals) => {
    for (const { name, field, get } of readers) {
      if (field > row.count) continue;
      scratch.begin(row.bytes, 0, 0);
      scratch.slots[0] = 0;
      scratch.starts[0] = row.starts[field - 1]!;
      scratch.ends[0] = row.ends[field - 1]!;
      const value = get(scratch);
      // A total that cannot be read is not stated; the control on totals reports the absence.
      if (scratch.failure === null && typeof value === 'number' && scratch.starts[0] < scratch.ends[0]) totals[name] = value;
    }
  };
}

function fieldOf(total: Total): { field: number } {
  return { field: typeof total === 'number' ? total : total.from };
}

function conversionOf(total: Total, column: string, type: Conversion['type'], path: string, timeZone: string): Conversion {
  const options: Exclude<Total, number> = typeof total === 'number' ? { from: total } : total;
  return {
    column,
    type,
    path,
    time: options.time ?? 'iso',
    timeZone,
    unit: options.unit,
    unitSlot: -1,
    gigawordsSlot: -1,
    mark: options.decimal === ',' ? 44 : 46,
    scale: options.scale ?? 0,
    times: 1,
  };
}
