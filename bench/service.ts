/**
 * `npm run bench -- service [--days 7] [--history 15] [--faults 4] [--events 100000] [--minutes N] [--seed N]`: faults of service and look-alikes of a simulated
 * operator through the real pipeline, the real detectors with their shipped defaults and the real incident desk. What was found,
 * how soon, how many customers were counted, and which incidents were about nothing. Words and rules: bench/README.md.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { WeirError } from '../core/errors.ts';
import { createWorld, servicePlan, type Truth } from '../simulator/index.ts';
import { type Watched, watch } from './service/operator.ts';
import { type FaultScore, type PartOf, type Score, score } from './service/score.ts';
import { truthsTo } from './service/truths.ts';

const day = 24 * 3_600_000;

export async function benchService(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      days: { type: 'string', default: '7' },
      history: { type: 'string', default: '15' },
      faults: { type: 'string', default: '4' },
      events: { type: 'string', default: '100000' },
      /** Minutes between two looks where nothing is planted. */
      quiet: { type: 'string', default: '5' },
      /** Minutes after which this process watches no longer; with `--keep` the next one goes on there. */
      minutes: { type: 'string' },
      seed: { type: 'string' },
      /** Leaves the detectors over series out: for whoever works on the others. */
      fast: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      /** A directory that keeps the history for other faults of the same `--world`, and the watch for the next process. */
      keep: { type: 'string' },
      /** Seed of the operator; default: that of the faults. */
      world: { type: 'string' },
    },
  });
  const [days, history, faults, events, quiet] = [values.days, values.history, values.faults, values.events, values.quiet].map(Number);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  if (!(days! >= 1 && history! >= 2 && faults! >= 1 && faults! <= 6 && events! >= 1000 && quiet! >= 1))
    throw new WeirError('usage', '--days wants numbers from 1, --history from 2, --faults 1 to 6, --events from 1000');
  // The last watched day is yesterday: what is stored has a life time by the clock.
  const from = Math.floor(Date.now() / day) * day - (days! + history!) * day;
  const begin = from + history! * day;
  // The second day is a free one; of one watched day alone, that one.
  const freeDays = [Math.floor(begin / day) + Math.min(1, days! - 1)];
  const world = createWorld({
    seed: Number(values.world ?? seed),
    subscribers: 8000,
    eventsPerDay: events!,
    pons: 8,
    ontsPerPon: 24,
    statusMinutes: 10,
    freeDays,
  });
  const planned = { seed, from: begin, to: begin + days! * day, faultsPerDay: faults! };
  const plan = servicePlan(world, planned);
  console.log(
    `seed ${seed}${values.world ? ` (operator ${values.world})` : ''}; ${history} days of history, ${days} watched, ${events} events a day, ${world.ponList.length * world.ontsPerPon} ONTs${values.fast ? '; without detectors over series' : ''}`,
  );
  console.log(
    `looked at twice a minute in the first six minutes of a fault, each minute to its twelfth (what grows: fortieth), each ${quiet} minutes elsewhere`,
  );
  const started = Date.now();
  const deadline = started + Number(values.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const watched = await watch({
    ...{ world, plan, from, begin, to: begin + days! * day, quietMs: quiet! * 60_000, deadline, fast: values.fast === true },
    name: JSON.stringify({ ...planned, world: world.seed, events, from, fast: values.fast === true }),
    ...(values.keep ? { keep: values.keep } : {}),
    onProgress: (text) => console.log(`  ${((Date.now() - started) / 1000).toFixed(0)} s: ${text}; load ${loadavg()[0]!.toFixed(0)}`),
  });
  const truths = truthsTo(world, servicePlan(world, planned), begin, watched.watchedTo);
  const siteOf = new Map(world.cellList.map(({ cell, site }) => [cell, site]));
  const partOf: PartOf = (name, value, { scope }) => name === 'cell' && scope['site'] !== undefined && siteOf.get(value) === scope['site'];
  report(watched, score(watched.told, truths, partOf, watched.watchedTo), truths, (watched.watchedTo - begin) / day, values.all === true);
}

/** Calls of the database that took most of the time of the looks. */
const mostShown = 14;

function report(watched: Watched, scored: Score, truths: readonly Truth[], days: number, all: boolean): void {
  const { series, devices, failures, looks, lookMs, lookWorkMs } = watched;
  for (const failure of new Set(failures)) console.log(`  failed: ${failure}`);
  for (const { name, calls, ms } of watched.spent.slice(0, mostShown))
    console.log(
      `  ${name.padEnd(32)} ${String(calls).padStart(7)} calls ${(ms / 1000).toFixed(1).padStart(8)} s ${(ms / calls).toFixed(1).padStart(8)} ms each`,
    );
  const { faults, falseOnes, related } = scored;
  if (faults.length === 0) console.log('no fault was watched: nothing can be said');
  const found = faults.filter(({ incident }) => incident);
  const delays = found.map(({ delayMs }) => delayMs);
  const material = found.map(({ materialDelayMs }) => materialDelayMs);
  const errors = found.flatMap(({ customersError }) => (Number.isNaN(customersError) ? [] : [Math.abs(customersError)]));
  console.log('\nfault        found  median delay  from when it matters  customers off (median, worst)');
  for (const type of [...new Set(faults.map(({ truth }) => truth.scenario))].sort()) {
    const own = faults.filter(({ truth }) => truth.scenario === type);
    const seen = own.filter(({ incident }) => incident);
    const off = seen.map(({ customersError }) => Math.abs(customersError));
    console.log(
      `${type.padEnd(12)} ${`${seen.length}/${own.length}`.padEnd(6)} ${minutesText(median(seen.map(({ delayMs }) => delayMs))).padEnd(13)} ${minutesText(median(seen.map(({ materialDelayMs }) => materialDelayMs))).padEnd(21)} ${percentText(median(off))}, ${percentText(Math.max(...off))}`,
    );
  }
  for (const each of faults) if (!each.incident || Math.abs(each.customersError) > 0.05 || all) console.log(line(each, watched));
  for (const { openedAt, detector, scope, title, summary } of falseOnes)
    console.log(
      `  about nothing: ${new Date(openedAt).toISOString()} ${detector} ${JSON.stringify(scope)} ${title}: ${summary}${beside(truths, openedAt)}`,
    );
  const innocents = truths.filter(({ nature }) => nature === 'innocent');
  for (const { scenario, from, to } of innocents) {
    const during = falseOnes.filter(({ openedAt }) => openedAt >= from && openedAt < to + 1_200_000).length;
    console.log(`  look-alike ${scenario} ${new Date(from).toISOString()}: ${during} incidents about nothing`);
  }
  const within = errors.filter((error) => error <= 0.05).length;
  console.log(
    [
      `\nseries ${series + devices} (${series} of usage and readings, ${devices} of devices), looks ${looks}, mean ${lookMs.toFixed(0)} ms (${lookWorkMs.toFixed(0)} ms of processor time)`,
      `found ${found.length} of ${faults.length} (${percentText(found.length / faults.length)}; wanted 95 %)`,
      `from the first affected minute to the incident: median ${minutesText(median(delays))}, worst ${minutesText(Math.max(...delays))} (wanted median 2 min)`,
      `the same, what grows from the minute on in which a tenth of the calls fail or 1 dB is lost: median ${minutesText(median(material))}`,
      `customers within 5 % in ${within} of ${errors.length}, median off ${percentText(median(errors))}`,
      `incidents about nothing ${falseOnes.length} in ${days.toFixed(1)} days (${((falseOnes.length * 7) / days).toFixed(1)} in 7 days, ${((falseOnes.length * 7 * 1000) / days / (series + devices)).toFixed(1)} at 1,000 series; wanted 1)`,
      `incidents beside the one at the place of a fault ${related}`,
      `load average ${Math.min(...watched.loads).toFixed(0)} to ${Math.max(...watched.loads).toFixed(0)}`,
    ].join('\n'),
  );
}

/** What was planted at the time of an incident about nothing. */
function beside(truths: readonly Truth[], at: number): string {
  const near = truths.filter(({ from, to }) => at >= from - 1_800_000 && at <= to + 7_200_000).map(({ scenario }) => scenario);
  return near.length === 0 ? '' : ` (near ${near.join(', ')})`;
}

function line({ truth, incident, delayMs, customersError }: FaultScore, { why }: Watched): string {
  const at = `${new Date(truth.firstAt ?? truth.from).toISOString()} ${truth.scenario} ${JSON.stringify(truth.scope)}`;
  if (!incident) return `  missed: ${at}, ${truth.records} records, ${truth.customers} customers; ${why(truth)}`;
  return `  ${at}: after ${minutesText(delayMs)} by ${incident.detector} ${JSON.stringify(incident.scope)}, customers ${incident.customers} of ${truth.customers} (${percentText(customersError)})`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const minutesText = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 60_000).toFixed(1)} min` : 'not known');
const percentText = (ratio: number): string => (Number.isFinite(ratio) ? `${(ratio * 100).toFixed(1)} %` : 'not known');
