/** The same usage in formats of their own: calls as Asterisk and FreeSWITCH write them, data sessions as RADIUS accounting. */
import { eventsOfHour, longest, type UsageEvent } from './event.ts';
import { hour, isoText } from './instant.ts';
import type { World } from './world.ts';

export type NativeFormat = 'asterisk-cdr' | 'freeswitch-csv' | 'radius-detail';

interface Writer {
  readonly takes: (event: UsageEvent) => boolean;
  /** One record with its line end. */
  readonly text: (event: UsageEvent, number: number) => string;
}

/** Local time of a server that keeps UTC, to the second. */
const stamp = (instant: number): string => isoText(instant, 0, '').slice(0, 19).replace('T', ' ');
const seconds = (from: number, to: number): number => Math.round((Math.floor(to / 1000) * 1000 - Math.floor(from / 1000) * 1000) / 1000);
const quoted = (fields: readonly (string | number)[]): string => `${fields.map((field) => `"${field}"`).join(',')}\n`;
const voice = ({ service }: UsageEvent): boolean => service === 'voice';
/** Caller and called of a call. */
const ends = ({ direction, subscriber, other }: UsageEvent): readonly [string, string] =>
  direction === 'mo' ? [`+${subscriber.number}`, `+${other}`] : [`+${other}`, `+${subscriber.number}`];
const uuid = ({ reference }: UsageEvent): string =>
  `${reference.slice(0, 8)}-${reference.slice(8, 12)}-4${reference.slice(13, 16)}-8000-${reference.slice(4, 16)}`;

const dispositions: Readonly<Record<number, string>> = { 16: 'ANSWERED', 17: 'BUSY', 34: 'CONGESTION', 41: 'FAILED', 1: 'FAILED' };
const causes: Readonly<Record<number, string>> = {
  1: 'UNALLOCATED_NUMBER',
  16: 'NORMAL_CLEARING',
  17: 'USER_BUSY',
  19: 'NO_ANSWER',
  34: 'NORMAL_CIRCUIT_CONGESTION',
  41: 'NORMAL_TEMPORARY_FAILURE',
};

const writers: Readonly<Record<NativeFormat, Writer>> = {
  'asterisk-cdr': {
    takes: voice,
    text(event, number) {
      const { direction, start, answer, end, cause, route, trunkIn, reference } = event;
      const [caller, called] = ends(event);
      const id = `${Math.floor(start / 1000)}.${number}`;
      const [inside, outside] = [
        `PJSIP/${event.subscriber.index}-${reference.slice(0, 8)}`,
        `PJSIP/${route || trunkIn || 'core'}-${reference.slice(8)}`,
      ];
      const out = direction === 'mo';
      const context = out ? 'from-internal' : 'from-trunk';
      const head = ['', caller, called, context, `<${caller}>`, out ? inside : outside, out ? outside : inside, 'Dial', ''];
      const times = [
        stamp(start),
        answer === 0 ? '' : stamp(answer),
        stamp(end),
        seconds(start, end),
        answer === 0 ? 0 : seconds(answer, end),
      ];
      return quoted([...head, ...times, dispositions[cause] ?? 'NO ANSWER', 'DOCUMENTATION', id, '', '', id, number]);
    },
  },
  'freeswitch-csv': {
    takes: voice,
    text(event) {
      const { direction, start, answer, end, cause } = event;
      const [caller, called] = ends(event);
      const times = [
        stamp(start),
        answer === 0 ? '' : stamp(answer),
        stamp(end),
        seconds(start, end),
        answer === 0 ? 0 : seconds(answer, end),
      ];
      const context = direction === 'mo' ? 'default' : 'public';
      return quoted([caller, caller, called, context, ...times, causes[cause] ?? 'NO_ANSWER', uuid(event), '', '', 'PCMA', 'PCMA']);
    },
  },
  'radius-detail': {
    takes: ({ service }) => service === 'data',
    text({ subscriber, start, end, octetsUp, octetsDown, reference }) {
      const at = Math.floor(end / 1000);
      const attributes = [
        'Acct-Status-Type = Stop',
        `User-Name = "+${subscriber.number}"`,
        'NAS-Identifier = "bng-1"',
        `Acct-Session-Id = "${reference}"`,
        `Acct-Session-Time = ${seconds(start, end)}`,
        `Acct-Input-Octets = ${octetsUp % 4_294_967_296}`,
        `Acct-Input-Gigawords = ${Math.floor(octetsUp / 4_294_967_296)}`,
        `Acct-Output-Octets = ${octetsDown % 4_294_967_296}`,
        `Acct-Output-Gigawords = ${Math.floor(octetsDown / 4_294_967_296)}`,
        'Acct-Terminate-Cause = User-Request',
        `Event-Timestamp = ${at}`,
      ];
      return `${stamp(end)}\n${attributes.map((each) => `\t${each}\n`).join('')}\n`;
    },
  },
};

export const nativeFormats = Object.keys(writers) as readonly NativeFormat[];

/** File name extension of a format. */
export const extensionOf = (format: NativeFormat): string => (format === 'radius-detail' ? 'detail' : 'csv');

/**
 * What was closed in [from, to), record by record in order of closing, as text with line ends. Scenarios do not touch it: it is for trying formats.
 * @example [...nativeText(world, 'asterisk-cdr', from, to)].length // one text per call
 */
export function* nativeText(world: World, format: NativeFormat, from: number, to: number): Generator<string, void, undefined> {
  const { takes, text } = writers[format];
  const due: UsageEvent[] = [];
  for (let number = Math.floor((from - longest - hour) / hour); number * hour < to; number++)
    for (const event of eventsOfHour(world, number)) if (takes(event) && event.closedAt >= from && event.closedAt < to) due.push(event);
  due.sort((a, b) => a.closedAt - b.closedAt || a.lot - b.lot);
  for (const [place, event] of due.entries()) yield text(event, place + 1);
}
