/** SIM-boxes: calls from abroad that come in through local SIMs (N12). */
import type { UsageEvent } from '../../event.ts';
import { chargeable } from '../../feeds.ts';
import { day, hour, minute } from '../../instant.ts';
import { homeNumber } from '../../numbers.ts';
import { draws, exponential, integer, keyOf, mix, poisson, uniform } from '../../random.ts';
import { rhythm } from '../../rhythm.ts';
import type { Scenario } from '../../scenario.ts';
import { offsetAt, type Subscriber } from '../../world.ts';
import { tally } from '../tally.ts';
import { dailyWorth, type LeakType, planOf, type Site, typeOf } from './leak.ts';
import { madeBy, madeCall } from './made.ts';
import { intensity } from './onset.ts';

/** Termination that a bypassed minute would have paid, micro-units. */
const termination = 50_000;
const meanTalk = 3 * minute;
/** Calls that one SIM tries in a day; those that would overlap another are not made. */
const callsPerSim = 140;

interface Box {
  readonly leak: string;
  readonly summary: string;
  /** SIMs share the device. */
  readonly oneDevice: boolean;
  readonly cells: number;
  /** Calls received for each made. */
  readonly received: number;
}

/** Subscribed SIMs of the prepaid plan that do nothing else. */
function simsOf(site: Site, many: number): readonly Subscriber[] {
  return site.world.subscriberList
    .filter(({ plan }) => plan.name === 'flex')
    .sort((a, b) => mix(a.key ^ site.key) - mix(b.key ^ site.key))
    .slice(0, many);
}

function simBox(site: Site, { leak, summary, oneDevice, cells, received }: Box): Scenario {
  const { world } = site;
  const daily = (site.share * dailyWorth(world, site.from, chargeable)) / ((termination * meanTalk) / minute);
  const many = Math.max(oneDevice ? 4 : 1, Math.min(60, Math.round(daily / callsPerSim)));
  const calls = Math.max(120, Math.min(400, daily / many));
  const sims = simsOf(site, many).map((sim) => (oneDevice ? { ...sim, imei: simsOf(site, 1)[0]!.imei } : sim));
  const busy = new Set(sims.map(({ index }) => index));
  const places = Array.from({ length: cells }, (_, n) => world.cellList[mix(site.key + n) % world.cellList.length]!);
  const count = tally(planOf(site, 'N12', leak, { leg: 'switch' }, { class: 'risk' }));
  const callsOf = (sim: Subscriber, start: number, strength: number): UsageEvent[] => {
    const lots = draws(keyOf(site.key, sim.index, Math.floor(start / hour)));
    const level = rhythm(world.seed, 'voice', start, offsetAt(world, start), world.backOffice);
    const made = poisson(lots, (calls / 24) * strength * level);
    const events = Array.from({ length: made }, () => {
      const direction = uniform(lots) < received ? 'mt' : 'mo';
      const at = start + integer(lots, hour);
      const cell = places[integer(lots, places.length)];
      const other = homeNumber(20_000_000 + integer(lots, 40_000_000));
      const talk = Math.round(Math.min(hour / 2, 10_000 + meanTalk * exponential(lots)));
      return madeCall({ key: site.key, lots, subscriber: sim, start: at, cell }, direction, other, talk);
    });
    // A SIM carries one call at a time.
    let idle = start;
    return events
      .sort((a, b) => a.start - b.start)
      .filter((event) => {
        if (event.start < idle || event.end > start + hour) return false;
        idle = event.end;
        return true;
      });
  };
  return {
    name: leak,
    summary,
    inject: {
      // The SIMs of a box do nothing else.
      traffic: (event) => (busy.has(event.subscriber.index) && event.start >= site.from && event.start < site.to ? 0 : 1),
      extra(start) {
        const strength = intensity(site, start);
        if (strength === 0) return [];
        // Strong or not at all: half a box makes as many calls by the SIM.
        return sims.flatMap((sim) => callsOf(sim, start, Math.min(1, strength))).filter((event) => event.start < site.to);
      },
      feeds: ['msc-1', 'msc-2'],
      record({ event }) {
        if (event.direction === 'mo' && madeBy(event, site.key))
          count.record(Math.round(((event.end - event.answer) / minute) * termination));
      },
    },
    truth: count.truth,
  };
}

const boxes: readonly Box[] = [
  { leak: 'sim-box', summary: 'A SIM-box with several SIMs in one device.', oneDevice: true, cells: 1, received: 0 },
  { leak: 'sim-box-of-phones', summary: 'A SIM-box of single devices, each with its SIM.', oneDevice: false, cells: 1, received: 0 },
  {
    leak: 'sim-box-disguised',
    summary: 'A SIM-box between two cells that now and then receives a call.',
    oneDevice: false,
    cells: 2,
    received: 0.05,
  },
];

export const fraudLeaks: readonly LeakType[] = boxes.map((box) =>
  typeOf(
    'N12',
    box.leak,
    (3 * day) / day,
    ['step'],
    (site) => simBox(site, box),
    () => ['sim-box'],
  ),
);
