/** Faults of service: calls that fail somewhere, PON trees that are cut, a firmware that restarts, light that fades. */
import type { UsageEvent } from '../event.ts';
import { minute } from '../instant.ts';
import type { Pon } from '../network.ts';
import { keyOf, mix } from '../random.ts';
import { customerBehind } from '../reference.ts';
import type { Scenario, Truth } from '../scenario.ts';
import type { Reading } from '../telemetry.ts';
import type { World } from '../world.ts';
import { tally } from './tally.ts';

interface Place {
  /** Type of the scenario. */
  readonly scenario: string;
  readonly scope: Truth['scope'];
  /** ms of event time, half-open. */
  readonly from: number;
  readonly to: number;
  /** Default: at once. */
  readonly onset?: Truth['onset'];
}

const share = (lot: number): number => (lot >>> 0) / 4294967296;

/**
 * Calls and messages are refused by the network. Counts the customers whose attempts failed because of it.
 * @param about which events pass the faulty place
 * @param part of them that fails; a function of the time since it began for a slow one
 */
export function failingCalls(
  { scenario, scope, from, to, onset = 'once' }: Place,
  about: (event: UsageEvent) => boolean,
  part: number | ((sinceMs: number) => number),
): Scenario {
  const count = tally({ scenario, nature: 'fault', control: 'call_failures', scope, from, to, onset });
  const customers = new Set<number>();
  let firstAt = Number.POSITIVE_INFINITY;
  return {
    name: scenario,
    summary: `Calls through ${Object.values(scope).join(' ')} fail.`,
    inject: {
      alter(event) {
        if (event.start < from || event.start >= to || event.service === 'data' || !about(event)) return event;
        const wanted = typeof part === 'number' ? part : part(event.start - from);
        if (share(mix(event.lot ^ keyOf(Math.floor(from / minute), 0x46))) >= wanted) return event;
        customers.add(event.subscriber.index);
        firstAt = Math.min(firstAt, event.start);
        count.record(event.charge);
        const end = event.start + (event.service === 'voice' ? 1500 : event.end - event.start);
        return {
          ...event,
          answered: false,
          answer: 0,
          cause: event.service === 'voice' ? 41 : event.cause,
          releaseSide: 'network',
          status: event.service === 'voice' ? 'FAILED' : 'failed',
          end,
          charge: 0,
          wholesaleCharge: 0,
          closedAt: end + 1500,
        };
      },
    },
    truth: () => ({
      ...count.truth(),
      customers: customers.size,
      firstAt,
      ...(typeof part === 'number' ? {} : { materialAt: from + reaches(part, materialPart, to - from) }),
    }),
  };
}

/** A fault that grows matters from here on: a tenth of the attempts fail; a decibel of light is lost. */
const materialPart = 0.1;
const materialDecibels = 1;

/** Time, in whole minutes, after which a growing part has reached a size; `most` when it never does. */
function reaches(part: (sinceMs: number) => number, size: number, most: number): number {
  for (let since = 0; since < most; since += minute) if (part(since) >= size) return since;
  return most;
}

/** Every subscriber behind ONTs of a PON, each once. */
function behindOnts(world: World, pon: Pon, places: readonly number[]): number {
  const index = world.ponList.indexOf(pon);
  return new Set(places.map((place) => customerBehind(world, index, place).index)).size;
}

/**
 * ONTs of a PON are cut off: their OLT says so within seconds, polls find them down until they come back.
 * @param places of the ONTs within the PON
 */
export function ponCut(world: World, pon: Pon, places: readonly number[], from: number, to: number): Scenario {
  const scope = { pon: pon.pon, node: pon.olt, site: pon.site };
  const count = tally({
    scenario: places.length < pon.onts.length ? 'pon-partial' : 'pon-cut',
    nature: 'fault',
    control: 'pon_outage',
    scope,
    from,
    to,
  });
  const cut = new Set(places.map((place) => pon.onts[place]!.ont));
  const down = (ont: string): number => from + (keyOf(world.seed, 0x4355, Math.floor(from / minute), hash(ont)) % 8_000);
  const up = (ont: string): number => to + (keyOf(world.seed, 0x5550, hash(ont)) % 20_000);
  return {
    name: 'pon-cut',
    summary: `${places.length} of ${pon.onts.length} ONTs of ${pon.pon} are cut off.`,
    inject: {
      reading(reading) {
        if (!cut.has(reading.device) || reading.at < down(reading.device) || reading.at >= up(reading.device)) return reading;
        count.record(0);
        return reading.metric === 'ont_up' ? { ...reading, value: 0 } : undefined;
      },
      readings: (begin, end) =>
        pon.onts
          .filter(({ ont }) => cut.has(ont))
          .flatMap((ont) => [statusOf(pon, ont, down(ont.ont), 0), statusOf(pon, ont, up(ont.ont), 1)])
          .filter(({ at }) => at >= begin && at < end),
    },
    truth: () => ({ ...count.truth(), customers: behindOnts(world, pon, places), firstAt: Math.min(...[...cut].map(down)) }),
  };
}

const hash = (text: string): number => [...text].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 7);

const statusOf = (pon: Pon, ont: Pon['onts'][number], at: number, value: number): Reading => ({
  metric: 'ont_up',
  device: ont.ont,
  at,
  value,
  unit: 'count',
  instrument: 'gauge',
  node: pon.olt,
  site: pon.site,
  model: ont.model,
  firmware: ont.firmware,
});

/**
 * A part of the devices of a firmware restarts once, spread over some minutes: each is away for a minute or two, which its OLT says at once as it does of a cut, and its uptime begins
 * anew.
 */
export function firmwareRestarts(
  world: World,
  { model, firmware }: { readonly model: string; readonly firmware: string },
  part: number,
  from: number,
  to: number,
): Scenario {
  const count = tally({ scenario: 'firmware', nature: 'fault', control: 'firmware_reboots', scope: { model, firmware }, from, to });
  const at = new Map<string, number>();
  const said: Reading[] = [];
  const customers = new Set<number>();
  world.ponList.forEach((pon, index) => {
    pon.onts.forEach((ont, place) => {
      if (
        ont.model !== model ||
        ont.firmware !== firmware ||
        share(keyOf(world.seed, 0x4657, Math.floor(from / minute), index * 256 + place)) >= part
      )
        return;
      const down = from + (keyOf(world.seed, 0x5265, Math.floor(from / minute), index * 256 + place) % (to - from));
      at.set(ont.ont, down);
      said.push(statusOf(pon, ont, down, 0), statusOf(pon, ont, down + awayMs(ont.ont), 1));
      customers.add(customerBehind(world, index, place).index);
    });
  });
  return {
    name: 'firmware',
    summary: `${at.size} devices with firmware ${firmware} of ${model} restart.`,
    inject: {
      reading(reading) {
        const restarted = at.get(reading.device);
        if (restarted === undefined || reading.at < restarted) return reading;
        // Nobody answers a poll while it starts.
        if (reading.at < restarted + awayMs(reading.device)) return undefined;
        if (reading.metric !== 'uptime_seconds') return reading;
        count.record(0);
        return { ...reading, value: Math.min(reading.value, Math.round((reading.at - restarted) / 1000)) };
      },
      readings: (begin, end) => said.filter(({ at: when }) => when >= begin && when < end),
    },
    truth: () => ({ ...count.truth(), customers: customers.size, firstAt: Math.min(...at.values()) }),
  };
}

/** How long a device is away while it starts, ms. */
const awayMs = (ont: string): number => 60_000 + ((hash(ont) >>> 0) % 60_000);

/** The light of all ONTs of a PON fades by so many decibels over the time, and is back after it. */
export function fadingLight(world: World, pon: Pon, decibels: number, from: number, to: number): Scenario {
  const scope = { pon: pon.pon, node: pon.olt, site: pon.site };
  const count = tally({ scenario: 'fading', nature: 'fault', control: 'optical_degradation', scope, from, to, onset: 'drift' });
  const own = new Set(pon.onts.map(({ ont }) => ont));
  const fadesMs = Math.min(to - from, 90 * minute);
  return {
    name: 'fading',
    summary: `The light of ${pon.pon} fades by ${decibels} dB.`,
    inject: {
      reading(reading) {
        if (reading.metric !== 'rx_power_dbm' || !own.has(reading.device) || reading.at < from || reading.at >= to) return reading;
        count.record(0);
        const fallen = Math.min(1, (reading.at - from) / fadesMs);
        return { ...reading, value: Math.round((reading.value - decibels * fallen) * 100) / 100 };
      },
    },
    truth: () => ({
      ...count.truth(),
      customers: behindOnts(
        world,
        pon,
        pon.onts.map((_, place) => place),
      ),
      firstAt: from,
      materialAt: from + Math.min(1, materialDecibels / decibels) * fadesMs,
    }),
  };
}

/** The same, but innocent: it was announced, or is what people do. */
export function innocently(scenario: Scenario, name: string): Scenario {
  return { ...scenario, name, truth: () => ({ ...scenario.truth(), scenario: name, nature: 'innocent', control: '' }) };
}
