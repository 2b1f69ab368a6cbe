/** Recognises the format of a file from its first bytes, and says what was assumed. */
import { isUtf8 } from 'node:buffer';
import type { RecordSink } from '../../core/decoder.ts';
import { WeirError } from '../../core/errors.ts';
import { newRecord, resetter } from '../../core/record.ts';
import type { Mapping } from '../../core/settings/mapping.ts';
import type { Format } from './format.ts';
import { formatOfMapping, presetNamed, presets } from './index.ts';
import { inferUsage, type Table } from './infer.ts';
import type { PresetOptions, Sample } from './preset.ts';
import { kindOfNames } from './weir-csv.ts';
import { namesOf } from './weir-json.ts';

export interface Assumptions {
  readonly kind: string;
  readonly timeZone: string;
  /** Empty: numbers in national form are taken to be of the tenant's country. */
  readonly country: string;
  readonly header: boolean;
  /** Empty where the format has none. */
  readonly delimiter: string;
  readonly encoding: 'utf-8' | 'latin-1';
  /** Target column to source, where the mapping was inferred. */
  readonly columns: Readonly<Record<string, string>>;
  /** Earliest and latest time in the sample, ms since 1970 UTC; 0 = none seen. */
  readonly firstTime: number;
  readonly lastTime: number;
}

export interface Sniffed {
  /** Name of the preset, or undefined when the mapping was inferred. */
  readonly preset: string | undefined;
  readonly mapping: Mapping | undefined;
  readonly format: Format;
  /** 0 to 1. */
  readonly confidence: number;
  readonly assumptions: Assumptions;
  /** What was recognised and assumed, a sentence each, for people. */
  readonly explain: readonly string[];
}

/**
 * @param sample the first bytes of the file, unpacked; 64 KiB is plenty
 * @param options what the user states already
 * @throws WeirError `format_unknown` with what was seen
 */
export function sniff(sample: Uint8Array, fileName: string, options: PresetOptions = {}): Sniffed {
  const utf8 = isUtf8(wholeCharacters(sample));
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength)
    .toString(utf8 ? 'utf8' : 'latin1')
    .replace(/^\uFEFF/, '');
  const seen: Sample = { text, lines: text.split(/\r?\n/, 60), fileName };
  if (text.trim() === '') throw unknown(fileName, 'the file is empty');
  if (text.includes('\0')) throw unknown(fileName, 'it holds NUL bytes: binary data, or text in UTF-16');
  const encoding = utf8 ? 'utf-8' : 'latin-1';
  return byPreset(sample, seen, options) ?? byInference(sample, seen, options, encoding) ?? refuse(seen);
}

function byPreset(sample: Uint8Array, seen: Sample, options: PresetOptions): Sniffed | undefined {
  const [best] = presets.map((preset) => ({ preset, confidence: preset.recognise(seen) })).sort((a, b) => b.confidence - a.confidence);
  if (!best || best.confidence < 0.5) return undefined;
  const { preset, confidence } = best;
  const kind = preset.name.startsWith('weir-') ? ownKind(seen, preset.name) : preset.kind;
  const name = kind === preset.kind ? preset.name : `${preset.name}:${kind}`;
  const zone = options.timeZone === undefined && preset.name === 'asterisk-cdr' ? zoneOfAsterisk(seen) : undefined;
  const timeZone = options.timeZone ?? zone ?? 'UTC';
  const format = presetNamed(name)!.format({ ...options, timeZone });
  const trial = tryOut(format, sample);
  if (trial.accepted === 0 && trial.rejected > 0) return undefined;
  const explain = [
    `recognised as ${name} (${preset.title})`,
    zone === undefined ? zoneNote(options, timeZone) : `times are of the zone ${zone}: so the switch's own call ids say`,
  ];
  if (kind === 'usage') explain.push(countryNote);
  return {
    preset: name,
    mapping: undefined,
    format,
    confidence,
    explain,
    assumptions: {
      kind,
      timeZone,
      country: '',
      header: preset.name === 'weir-csv',
      delimiter: format.positionUnit === 'row' ? ',' : '',
      encoding: 'utf-8',
      columns: {},
      firstTime: trial.first,
      lastTime: trial.last,
    },
  };
}

function byInference(sample: Uint8Array, seen: Sample, options: PresetOptions, encoding: Assumptions['encoding']): Sniffed | undefined {
  const table = tableOf(seen);
  const inferred = table && inferUsage(table, options);
  if (!table || !inferred) return undefined;
  const mapping: Mapping = encoding === 'latin-1' && table.format === 'csv' ? { ...inferred.mapping, encoding } : inferred.mapping;
  const format = formatOfMapping(mapping);
  const trial = tryOut(format, sample);
  if (trial.accepted < trial.rejected) return undefined;
  const columns = Object.fromEntries(Object.entries(mapping.columns).map(([column, source]) => [column, sourceName(source)]));
  const pairs = Object.entries(columns).map(([column, source]) => `${column} <- ${source}`);
  return {
    preset: undefined,
    mapping,
    format,
    confidence: 0.6,
    explain: [
      `no preset; columns were inferred from their names: ${pairs.join(', ')}`,
      ...inferred.notes,
      zoneNote(options, mapping.timeZone ?? 'UTC'),
      countryNote,
    ],
    assumptions: {
      kind: mapping.kind,
      timeZone: mapping.timeZone ?? 'UTC',
      country: '',
      header: table.format === 'csv',
      delimiter: table.delimiter,
      encoding,
      columns,
      firstTime: trial.first,
      lastTime: trial.last,
    },
  };
}

const countryNote = 'numbers without + are taken to be national numbers of the home country';

function zoneNote(options: PresetOptions, timeZone: string): string {
  return options.timeZone === undefined
    ? 'times that state no zone are taken to be UTC (say --time-zone otherwise)'
    : `times that state no zone are of ${timeZone}`;
}

function sourceName(source: Mapping['columns'][string]): string {
  if (typeof source !== 'object') return String(source);
  return 'from' in source ? String(source.from) : JSON.stringify(source);
}

function ownKind({ lines }: Sample, preset: string): string {
  const first = lines[0] ?? '';
  return (preset === 'weir-csv' ? kindOfNames(first.replaceAll('"', '').trim().split(',')) : kindOfNames(namesOf(first)))?.name ?? 'usage';
}

/** Asterisk's uniqueid begins with the epoch of the start: the difference is the zone. Undefined when the rows disagree. */
function zoneOfAsterisk({ lines }: Sample): string | undefined {
  const offsets = new Set<number>();
  for (const line of lines.slice(0, 20)) {
    const start = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(line);
    const epoch = /\b(1\d{9})\.\d+"?(?:,|$)/.exec(line);
    if (!start || !epoch) continue;
    const minutes = (Date.parse(`${start[1]}T${start[2]}Z`) / 1000 - Number(epoch[1])) / 60;
    offsets.add(Math.round(minutes / 15) * 15);
  }
  const [only] = offsets;
  if (only === undefined || offsets.size > 1 || Math.abs(only) > 14 * 60) return undefined;
  const sign = only < 0 ? '-' : '+';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${sign}${two(Math.floor(Math.abs(only) / 60))}:${two(Math.abs(only) % 60)}`;
}

/** Decodes the sample, to see whether the format holds and which times occur. The last record may be cut: it does not count. */
function tryOut(format: Format, sample: Uint8Array): { accepted: number; rejected: number; first: number; last: number } {
  const record = newRecord(format.kind) as Record<string, unknown>;
  const reset = resetter(format.kind);
  const column =
    ['start_time', 'event_time', 'valid_from', 'day', 'issued_at', 'period_start', 'booked_for'].find((name) => name in record) ?? '';
  const result = { accepted: 0, rejected: 0, first: 0, last: 0 };
  const sink: RecordSink = {
    record: record as RecordSink['record'],
    accept() {
      result.accepted++;
      const time = record[column];
      if (typeof time === 'number' && time !== 0) {
        result.first = result.first === 0 ? time : Math.min(result.first, time);
        result.last = Math.max(result.last, time);
      }
      reset(record as RecordSink['record']);
      return true;
    },
    reject() {
      result.rejected++;
      return true;
    },
    drop: () => true,
  };
  const decoder = format.open(sink);
  for (let at = 0; at < sample.length; ) at = decoder.read(sample, at);
  if (sample.length < 32_768) decoder.end();
  return result;
}

function tableOf(seen: Sample): Table | undefined {
  return seen.text.trimStart().startsWith('{') ? jsonTable(seen) : csvTable(seen);
}

function jsonTable({ lines }: Sample): Table | undefined {
  const names = namesOf(lines[0] ?? '');
  if (names.length === 0) return undefined;
  const rows: string[][] = [];
  for (const line of lines) {
    try {
      const value = JSON.parse(line) as Record<string, unknown>;
      rows.push(names.map((name) => String(value[name] ?? '')));
    } catch {
      // The last line of a sample is usually cut.
    }
  }
  return { format: 'json', delimiter: '', names: names.map((name) => name.replaceAll('.', '\\.')), rows };
}

function csvTable({ lines }: Sample): Table | undefined {
  const used = lines.filter((line) => line !== '' && line.length < 65_536);
  const scored = [',', ';', '\t', '|'].map((delimiter) => {
    const rows = used.map((line) => splitLine(line, delimiter));
    const width = rows[0]?.length ?? 0;
    return { delimiter, rows, width, share: rows.filter((row) => row.length === width).length / rows.length };
  });
  const best = scored.filter(({ width, share }) => width > 1 && share > 0.7).sort((a, b) => b.width * b.share - a.width * a.share)[0];
  const names = best?.rows[0]?.map((name) => name.trim());
  if (!best || !names || new Set(names).size < names.length || names.some((name) => name === '' || /^[\d.+-]+$/.test(name)))
    return undefined;
  return { format: 'csv', delimiter: best.delimiter, names, rows: best.rows.slice(1) };
}

/** Good enough for a sample: quotes are honoured within a line. */
function splitLine(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === delimiter && !quoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  fields.push(field);
  return fields;
}

/** A sample may be cut within a character: up to three bytes at its end do not count. */
function wholeCharacters(sample: Uint8Array): Uint8Array {
  for (let cut = 1; cut <= Math.min(3, sample.length); cut++) {
    const byte = sample[sample.length - cut]!;
    if (byte >= 0xc0) return sample.subarray(0, sample.length - cut);
    if (byte < 0x80) break;
  }
  return sample;
}

function refuse(seen: Sample): never {
  const first = printable(seen.lines[0] ?? '');
  const table = tableOf(seen);
  throw unknown(
    seen.fileName,
    table ? `a table with the columns ${table.names.slice(0, 30).map(printable).join(', ')}` : `a first line "${first}"`,
  );
}

function printable(text: string): string {
  return Array.from(text.slice(0, 120), (character) => (character < ' ' || character === '\x7f' ? '.' : character)).join('');
}

function unknown(fileName: string, seen: string): WeirError {
  return new WeirError('format_unknown', `${fileName}: the format was not recognised; seen: ${seen}`, {
    place: fileName,
    hint: `Say --format PRESET (${presets.map(({ name }) => name).join(', ')}), or write a mapping for the source.`,
  });
}
