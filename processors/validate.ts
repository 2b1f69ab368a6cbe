/**
 * Refuses what cannot be stored or cannot be true. Nothing passes that a Native block could not hold: behind this step every
 * number is in its column's range, every string is bounded, every instant lies in the range of DateTime64(3).
 *
 * Compiled from the column table (names of our own, never from outside), because a loop over column names costs V8 its fast
 * property access; see `core/record.ts`. Details name columns and limits, never the value.
 */
import type { ColumnType, Kind } from '../core/column.ts';
import type { ProcessorContext } from '../core/context.ts';
import { accepted, type Outcome, type RejectReason, rejected } from '../core/outcome.ts';
import { type Flag, withFlag } from './flags.ts';
import type { AnyRecord } from './step.ts';

/** Longest strings, in UTF-16 units. A code is a word of few values; a longer one is a mis-mapped column. */
export const limits = { code: 256, text: 4096, transient: 256, labels: 256, label: 1024 } as const;

const earliestEvent = Date.UTC(1990, 0, 1);
const day = 86_400_000;
/** Clocks that differ by less are in step. */
const inStep = 60_000;
const longestSeconds = 366 * 86_400;
/** Range of DateTime64(3). */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2299, 11, 31);

/** Instants at which something happened: neither before 1990 nor in the future. Others (validity, periods, bookings) may be. */
const eventTimes = new Set(['start_time', 'answer_time', 'end_time', 'event_time', 'arrived_at', 'done_at']);
const durations = new Set(['duration_seconds', 'billable_seconds', 'minimum_seconds', 'increment_seconds']);
const volumes = new Set(['octets_up', 'octets_down', 'events', 'seconds_out', 'octets_out']);

const ranges: { readonly [T in ColumnType]?: readonly [number, number] } = {
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  money: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

/** A step that refuses records of the kind which are incomplete, impossible or cannot be stored. */
export function validator(kind: Kind): (record: AnyRecord, context: ProcessorContext) => Outcome {
  const checks = Object.entries(kind.columns).flatMap(([name, { type }]) => [check(name, type), required(kind, name, type)]);
  const body = `return function validate(r,context){
    const now=context.clock.now();let flags='';let v;
    ${checks.join('\n')}
    ${across(kind)}
    ${kind.columns['flags'] ? "if(flags!=='')r.flags=withFlag(r.flags,flags);" : ''}
    return accepted;
  }`;
  return new Function('rejected', 'accepted', 'withFlag', 'labelsFault', body)(rejected, accepted, withFlag, labelsFault) as (
    record: AnyRecord,
    context: ProcessorContext,
  ) => Outcome;
}

function reject(reason: RejectReason, field: string, detail: string): string {
  return `return rejected('${reason}','${field}',${JSON.stringify(detail)});`;
}

function flag(name: Flag): string {
  return `flags='${name}';`;
}

function check(name: string, type: ColumnType): string {
  const range = ranges[type];
  if (range) return checkInteger(name, range);
  switch (type) {
    case 'code':
    case 'text':
    case 'transient':
      return `v=r.${name};if(typeof v!=='string')${reject('unreadable', name, 'not text')}if(v.length>${limits[type]})${reject('too_long', name, `longer than ${limits[type]} characters`)}`;
    case 'hash':
      return `v=r.${name};if(typeof v!=='bigint'||v<0n||v>0xffffffffffffffffn)${reject('bad_number', name, 'not an unsigned number of 64 bits')}`;
    case 'instant':
      return checkInstant(name);
    case 'float':
      return `v=r.${name};if(!Number.isFinite(v))${reject('bad_number', name, 'not a finite number')}${checkSize(name)}`;
    case 'measure':
      return `v=r.${name};if(v!==null&&!(v>=-3.4e38&&v<=3.4e38))${reject('bad_number', name, 'not a number of 32 bits')}`;
    case 'flag':
      return `if(typeof r.${name}!=='boolean')${reject('unreadable', name, 'neither true nor false')}`;
    case 'labels':
      return `v=r.${name};if(v!==null&&labelsFault(v))${reject('too_long', name, `more than ${limits.labels} attributes, or one longer than ${limits.label} characters`)}`;
    default:
      return '';
  }
}

function checkInteger(name: string, [low, high]: readonly [number, number]): string {
  const below = volumes.has(name)
    ? `if(v<0)${reject('negative_volume', name, 'below zero')}`
    : durations.has(name)
      ? `if(v<0)${reject('negative_duration', name, 'below zero')}`
      : '';
  return `v=r.${name};if(!(v>=${low}&&v<=${high}&&Math.floor(v)===v)){${below}${reject('bad_number', name, `not a whole number from ${low} to ${high}`)}}`;
}

function checkSize(name: string): string {
  if (volumes.has(name)) return `if(v<0)${reject('negative_volume', name, 'below zero')}`;
  if (!durations.has(name)) return '';
  return `if(v<0)${reject('negative_duration', name, 'below zero')}if(v>${longestSeconds})${reject('impossible_value', name, 'longer than 366 days')}`;
}

function checkInstant(name: string): string {
  const [low, high] = eventTimes.has(name) ? [earliestEvent, `now+${day}`] : [earliest, latest];
  const detail = eventTimes.has(name) ? 'before 1990 or more than a day ahead of the clock' : 'before 1900 or after 2299';
  const ahead = eventTimes.has(name) ? `if(v>now+${inStep})${flag('clock_ahead')}` : '';
  // DateTime64(3) holds whole milliseconds; what is finer is cut, not refused
  return `v=r.${name};if(v!==0){if(!(v>=${low}&&v<=${high}))${reject('bad_time', name, detail)}if(Math.floor(v)!==v)r.${name}=Math.floor(v);${ahead}}`;
}

function required(kind: Kind, name: string, type: ColumnType): string {
  if (!kind.required.includes(name)) return '';
  const empty = { code: "===''", text: "===''", transient: "===''", instant: '===0', hash: '===0n' }[type as 'code'];
  return empty === undefined ? '' : `if(r.${name}${empty})${reject('missing_field', name, 'required and empty')}`;
}

/** Checks that look at several columns. */
function across(kind: Kind): string {
  const has = (...names: string[]): boolean => names.every((name) => kind.columns[name] !== undefined);
  let code = '';
  if (has('start_time', 'end_time'))
    code += `if(r.end_time!==0){if(r.end_time<r.start_time)${reject('negative_duration', 'end_time', 'ends before it starts')}
      if(r.end_time-r.start_time>${longestSeconds * 1000})${reject('impossible_value', 'end_time', 'longer than 366 days')}}`;
  if (has('period_start', 'period_end'))
    code += `if(r.period_end!==0&&r.period_end<r.period_start)${reject('negative_duration', 'period_end', 'ends before it starts')}`;
  if (has('valid_from', 'valid_to'))
    code += `if(r.valid_to!==0&&r.valid_to<r.valid_from)${reject('negative_duration', 'valid_to', 'ends before it begins')}`;
  if (has('utc_offset_minutes'))
    code += `if(r.utc_offset_minutes<-840||r.utc_offset_minutes>840)${reject('impossible_value', 'utc_offset_minutes', 'more than 14 hours')}`;
  if (has('instrument'))
    code += `if(r.instrument==='')r.instrument='gauge';else if(r.instrument!=='gauge'&&r.instrument!=='counter')${reject('impossible_value', 'instrument', 'neither gauge nor counter')}`;
  if (has('rate', 'from_currency')) code += `if(!(r.rate>0))${reject('impossible_value', 'rate', 'not above zero')}`;
  return code;
}

function labelsFault(labels: unknown): boolean {
  if (!Array.isArray(labels) || labels.length > limits.labels) return true;
  for (const entry of labels) {
    if (!Array.isArray(entry) || entry.length !== 2) return true;
    for (const part of entry) if (typeof part !== 'string' || part.length > limits.label) return true;
  }
  return false;
}
