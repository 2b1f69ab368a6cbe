/** Guesses the mapping of a table that no preset knows, from the names of its columns and what stands in them. */
import type { ColumnMapping, Mapping } from '../../core/settings/mapping.ts';
import { timeReader } from './time.ts';

/** A table as far as the sample shows it. */
export interface Table {
  readonly format: 'csv' | 'json';
  readonly delimiter: string;
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Inferred {
  readonly mapping: Mapping;
  /** What was assumed and could be otherwise, one sentence each. */
  readonly notes: readonly string[];
}

/** Target column, and the names that stand for it: lower case, words apart by one blank. First match of first rule wins. */
const rules: readonly (readonly [column: string, pattern: RegExp])[] = [
  ['imsi_number', /\bimsi\b/],
  ['imei_number', /\bimei\b/],
  ['billable_seconds', /\bbill(able|ed|ing|sec)?\b.*\b(sec|seconds|duration|s|time)\b|^billsec$|\bcharged duration\b/],
  ['duration_seconds', /\bdur(ation)?\b|\bcall length\b|^(length|talk time|seconds|minutes)$/],
  ['answer_time', /\b(answer|connect|answered|connected)\b.*\b(time|date|stamp|at)\b|^answer$/],
  ['end_time', /\b(end|stop|release|disconnect|hangup)\b.*\b(time|date|stamp|at)\b|^(end|stop)$/],
  [
    'start_time',
    /\b(start|begin|setup|seizure|call|event|session|record)\b.*\b(time|date|stamp|timestamp|datetime|at)\b|^(start|begin|timestamp|time|date|datetime|date time|time stamp)$/,
  ],
  [
    'octets_up',
    /\b(up|upload|uplink|ul|sent|input|in)\b.*\b(bytes|octets|volume|kb|mb|gb)\b|\b(bytes|octets|volume)\b.*\b(up|uplink|ul|sent|in)\b/,
  ],
  [
    'octets_down',
    /\b(down|download|downlink|dl|received|output|out)\b.*\b(bytes|octets|volume|kb|mb|gb)\b|\b(bytes|octets|volume)\b.*\b(down|downlink|dl|received|out)\b/,
  ],
  [
    'subscriber_number',
    /^(caller|calling|a|from|source|src|orig|originating|origin|subscriber|msisdn|cli|ani|user)( party)?( (id|number|no|num|nr|name|msisdn))?$|^(anumber|anum|a party number|username)$/,
  ],
  [
    'other_party_number',
    /^(receiver|recipient|called|callee|b|to|destination|dest|dst|dialled|dialed|other|terminating)( party)?( (id|number|no|num|nr|msisdn))?$|^(bnumber|bnum)$/,
  ],
  ['session_id', /\b(session|call|record|cdr)\b.*\b(id|reference|ref)\b|^(uuid|uniqueid|id)$/],
  ['charge', /^(charge|cost|price|amount|fee)( (amount|value|eur|usd|gbp))?$/],
  ['currency', /^currency( code)?$/],
  ['cause', /\b(cause|q850)\b/],
  ['final_status', /^(status|disposition|result|call status|outcome)$/],
  ['cell', /^(cell|cell id|cellid|cgi)$/],
  ['node', /^(switch|node|msc|nas|gateway|host)( (id|name))?$/],
  ['route', /\b(out|outgoing|egress|route)\b.*\btrunk\b|^(route|trunk|trunk out)$/],
  ['trunk_in', /\b(in|incoming|ingress)\b.*\btrunk\b|^trunk in$/],
  ['apn', /^(apn|dnn)$/],
  ['plan', /^(plan|tariff plan|rate plan|product)$/],
];
const timeColumns = new Set(['start_time', 'answer_time', 'end_time']);

/** A name as the rules see it. @example wordsOf('Caller_ID') // 'caller id' */
export function wordsOf(name: string): string {
  return name
    .slice(0, 64)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Undefined when the table does not show when and by whom something was used. */
export function inferUsage(table: Table, options: { timeZone?: string; leg?: string }): Inferred | undefined {
  const found = new Map<string, number>();
  table.names.forEach((name, index) => {
    const column = rules.find(([target, pattern]) => !found.has(target) && pattern.test(wordsOf(name)))?.[0];
    if (column !== undefined) found.set(column, index);
  });
  if (!found.has('start_time') || !(found.has('subscriber_number') || found.has('other_party_number') || found.has('imsi_number')))
    return undefined;
  const notes: string[] = [];
  const columns: Record<string, ColumnMapping> = {};
  for (const [column, index] of found) {
    const mapped = mappingOf(column, index, table, notes);
    if (mapped === undefined) {
      if (column === 'start_time') return undefined;
      notes.push(`"${table.names[index]}" looks like ${column}, but its values do not; it is not used`);
    } else columns[column] = mapped;
  }
  const data = 'octets_up' in columns || 'octets_down' in columns;
  const duration = found.get('duration_seconds');
  if (!data && duration !== undefined && !('answered' in columns)) {
    columns['answered'] = { from: table.names[duration]!, values: { '': false, '0': false }, otherwise: true };
    notes.push('a call with a duration above zero counts as answered');
  }
  const unused = table.names.filter((_, index) => ![...found.values()].includes(index));
  if (unused.length > 0) notes.push(`not used: ${unused.slice(0, 20).join(', ')}`);
  return {
    notes,
    mapping: {
      format: table.format,
      kind: 'usage',
      ...(table.format === 'csv' ? { header: true, delimiter: table.delimiter } : {}),
      timeZone: options.timeZone ?? 'UTC',
      constants: { leg: options.leg ?? 'switch', service: data ? 'data' : 'voice' },
      columns,
    },
  };
}

function mappingOf(column: string, index: number, { names, rows }: Table, notes: string[]): ColumnMapping | undefined {
  const from = names[index]!;
  const values = rows.map((row) => row[index] ?? '').filter((value) => value !== '');
  if (timeColumns.has(column)) {
    const time = timeFormatOf(values, from, notes);
    return time === undefined ? undefined : { from, time };
  }
  if (column.endsWith('_seconds')) return durationOf(from, values, notes);
  if (column.startsWith('octets')) return volumeOf(from, values);
  if (column === 'charge') {
    if (values.every((value) => /^-?\d+(\.\d+)?$/.test(value))) return { from };
    return values.every((value) => /^-?\d+,\d+$/.test(value)) ? { from, decimal: ',' } : undefined;
  }
  if (column === 'cause') return values.every((value) => /^\d{1,3}$/.test(value)) ? from : undefined;
  return from;
}

function durationOf(from: string, values: readonly string[], notes: string[]): ColumnMapping | undefined {
  const words = ` ${wordsOf(from)} `;
  if (values.length > 0 && values.every((value) => /^\d{1,4}:\d\d(:\d\d)?$/.test(value))) return { from, unit: 'hh:mm:ss' };
  if (!mostly(values, (value) => /^\d+(\.\d+)?$/.test(value))) return undefined;
  if (/ (ms|msec|millis|milliseconds) /.test(words)) return { from, unit: 'ms' };
  if (/ (min|mins|minutes) /.test(words)) return { from, unit: 'min' };
  if (!/ (s|sec|secs|seconds|billsec) /.test(words)) notes.push(`"${from}" is taken to be in seconds`);
  return { from, unit: 's' };
}

function volumeOf(from: string, values: readonly string[]): ColumnMapping | undefined {
  if (!mostly(values, (value) => /^\d+(\.\d+)?$/.test(value))) return undefined;
  const unit = / (kb|mb|gb|kib|mib|gib) /.exec(` ${wordsOf(from)} `)?.[1];
  return unit === undefined
    ? { from, unit: 'octets' }
    : {
        from,
        unit: unit
          .replace(/^k/, unit === 'kb' ? 'k' : 'K')
          .replace(/^m/, 'M')
          .replace(/^g/, 'G')
          .replace(/b$/, 'B'),
      };
}

/** Damaged rows must not hide the format: nine in ten are enough. */
function mostly(values: readonly string[], test: (value: string) => boolean): boolean {
  return values.length > 0 && values.filter(test).length >= values.length * 0.9;
}

const timeFormats = [
  'iso',
  'DD.MM.YYYY hh:mm[:ss]',
  'DD/MM/YYYY hh:mm[:ss]',
  'MM/DD/YYYY hh:mm[:ss]',
  'D/M/YYYY h:mm[:ss]',
  'M/D/YYYY h:mm[:ss]',
  'DD-MM-YYYY hh:mm[:ss]',
  'DD MMM YYYY hh:mm[:ss]',
];

function timeFormatOf(values: readonly string[], name: string, notes: string[]): string | undefined {
  for (const [format, pattern] of [
    ['epoch', /^\d{9,10}(\.\d+)?$/],
    ['epochMs', /^\d{12,13}$/],
    ['epochUs', /^\d{15,16}$/],
    ['epochNs', /^\d{18,19}$/],
  ] as const) {
    if (mostly(values, (value) => pattern.test(value))) return format;
  }
  const fitting = timeFormats.filter((format) => {
    const reader = timeReader(format, 'UTC');
    return mostly(values, (value) => {
      const bytes = Buffer.from(value);
      return reader !== undefined && !Number.isNaN(reader.read(bytes, 0, bytes.length));
    });
  });
  const [first] = fitting;
  if (first?.startsWith('D') && fitting.some((format) => format.startsWith('M')))
    notes.push(`"${name}" is read as day before month; the sample fits month before day too`);
  return first;
}
