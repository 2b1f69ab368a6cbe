/** Device telemetry of the access network: optical levels, ONTs online, uplink counters. Any interval is generated alone. */
import { day, isoText, minute, offsetText } from './instant.ts';
import type { Pon } from './network.ts';
import { draws, keyOf, normal, uniform } from './random.ts';
import type { World } from './world.ts';

export interface Reading {
  readonly metric: string;
  readonly device: string;
  readonly at: number;
  readonly value: number;
  readonly unit: string;
  readonly instrument: 'gauge' | 'counter';
  readonly node: string;
  readonly site: string;
  readonly model: string;
  readonly firmware: string;
}

const ponPeriod = 15 * minute;
const ontPeriod = day;
/** Counters began here; their slope has a daily wave, so they never fall. */
const counterOrigin = Date.UTC(2026, 0, 1);

/** Readings taken in [from, to), in order of time. Each device has a moment of its own within the period. */
export function readings(world: World, from: number, to: number): Reading[] {
  const found: Reading[] = [];
  world.ponList.forEach((pon, index) => {
    ticks(world, index, ponPeriod, from, to, (at) => ponReadings(world, pon, index, at, found));
    pon.onts.forEach((ont, place) => {
      const status = world.statusMinutes > 0;
      ticks(world, 4096 + index * 256 + place, status ? world.statusMinutes * minute : ontPeriod, from, to, (at) => {
        const noise = 0.15 * normal(draws(keyOf(world.seed, 0x525850, index * 256 + place, Math.floor(at / minute))));
        found.push({
          metric: 'rx_power_dbm',
          device: ont.ont,
          at,
          value: round(ont.rxPowerDbm + noise),
          unit: 'dBm',
          instrument: 'gauge',
          node: pon.olt,
          site: pon.site,
          model: ont.model,
          firmware: ont.firmware,
        });
        if (status) found.push(...statusReadings(world, pon, ont, index * 256 + place, at));
      });
    });
  });
  return found.sort((a, b) => a.at - b.at || (a.device < b.device ? -1 : a.device > b.device ? 1 : a.metric < b.metric ? -1 : 1));
}

/** That an ONT is up, and since when. */
function statusReadings(world: World, pon: Pon, ont: Pon['onts'][number], number: number, at: number): Reading[] {
  const started = counterOrigin - (keyOf(world.seed, 0x424f4f54, number) % (200 * day));
  const of = { device: ont.ont, at, node: pon.olt, site: pon.site, model: ont.model, firmware: ont.firmware, instrument: 'gauge' } as const;
  return [
    { ...of, metric: 'ont_up', value: 1, unit: 'count' },
    { ...of, metric: 'uptime_seconds', value: Math.floor((at - started) / 1000), unit: 'seconds' },
  ];
}

function ticks(world: World, device: number, period: number, from: number, to: number, take: (at: number) => void): void {
  const phase = keyOf(world.seed, 0x504853, device) % period;
  for (let at = Math.ceil((from - phase) / period) * period + phase; at < to; at += period) take(at);
}

function ponReadings(world: World, pon: Pon, index: number, at: number, found: Reading[]): void {
  const from = draws(keyOf(world.seed, 0x504f4e, index, Math.floor(at / minute)));
  const reading = (metric: string, device: string, value: number, unit: string, instrument: Reading['instrument']): Reading => ({
    metric,
    device,
    at,
    value,
    unit,
    instrument,
    node: pon.olt,
    site: pon.site,
    model: 'OLT-8',
    firmware: '5.2.0',
  });
  const off = uniform(from) < 0.1 ? 1 : 0;
  found.push(
    reading('onts_online', pon.pon, Math.max(0, pon.onts.length - off), 'count', 'gauge'),
    reading('rx_power_dbm', pon.pon, round(-21.5 + 0.1 * normal(from)), 'dBm', 'gauge'),
  );
  if (index % 8 > 0) return;
  const uplink = `${pon.olt}/uplink`;
  found.push(
    reading('if_in_octets', uplink, counter(at, 4_000_000), 'octets', 'counter'),
    reading('if_out_octets', uplink, counter(at, 45_000_000), 'octets', 'counter'),
  );
}

/** Octets since the origin at a mean rate with a daily wave of 70 %. */
function counter(at: number, octetsPerSecond: number): number {
  const seconds = (at - counterOrigin) / 1000;
  const turn = (2 * Math.PI) / 86_400;
  return Math.max(0, Math.floor(octetsPerSecond * (seconds + (0.7 / turn) * (1 - Math.cos(turn * seconds)))));
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** One reading as a line of JSON with the column names of the kind `measurement`. Its texts are our own and need no escapes. */
export function readingLine(reading: Reading, world: World): string {
  const { metric, device, at, value, unit, instrument, node, site, model, firmware } = reading;
  const time = isoText(at, world.offsetMinutes, offsetText(world.offsetMinutes));
  return `{"metric":"${metric}","device":"${device}","event_time":"${time}","value":${value},"unit":"${unit}","instrument":"${instrument}","node":"${node}","site":"${site}","model":"${model}","firmware":"${firmware}"}`;
}
