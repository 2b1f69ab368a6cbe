/** `npm run bench -- leaks`: draft. */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import {
  createWorld,
  duplicatedRecords,
  lateFile,
  missingFile,
  quietDay,
  replayedFile,
  silentFeed,
  suspenseBurst,
  truncatedFile,
} from '../simulator/index.ts';
import { alarmsOf } from './leaks/alarms.ts';
import { play } from './leaks/operator.ts';

const hour = 3_600_000;
const day = 24 * hour;

export async function benchLeaks(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      worlds: { type: 'string', default: '3' },
      seed: { type: 'string' },
      events: { type: 'string', default: '12000' },
      dump: { type: 'string' },
      history: { type: 'string', default: '22' },
      days: { type: 'string', default: '6' },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const days = Number(values.days);
  const historyDays = Number(values.history);
  const from = Math.floor(Date.now() / day) * day - (days + historyDays) * day;
  const begin = from + historyDays * day;
  const world = createWorld({ seed, subscribers: 3000, eventsPerDay: Number(values.events), pons: 1, ontsPerPon: 1 });
  const at = (d: number, h: number) => begin + d * day + h * hour + 60_000;
  const scenarios = [
    quietDay(begin - 9 * day, begin - 8 * day, 0.55),
    lateFile({ feed: 'host-wholesale', at: at(0, 15) }, 5 * hour),
    missingFile({ feed: 'msc-1', at: at(1, 14) }),
    truncatedFile({ feed: 'smsc', at: at(1, 16) }, 0.2),
    replayedFile({ feed: 'pgw', at: at(2, 15) }, 40 * 60_000),
    suspenseBurst('rating', at(2, 17), at(2, 20), 'time', 0.1),
    duplicatedRecords({ feed: 'rating', at: at(3, 14) }, 0.05),
    silentFeed('smsc', at(4, 12), at(4, 20)),
  ];
  const started = Date.now();
  const played = await play({
    world,
    from,
    historyDays,
    days,
    scenarios,
    onProgress: (text) => console.log(`  ${((Date.now() - started) / 1000).toFixed(0)} s: ${text}, load ${loadavg()[0]!.toFixed(1)}`),
  });
  if (values.dump) writeFileSync(values.dump, JSON.stringify({ played, begin }));
  console.log(played.failures.slice(0, 5), played.records, played.judging.join(' '));
  for (const alarm of alarmsOf(played.said)) {
    const last = alarm.words.at(-1)!.finding;
    console.log(
      `${new Date(alarm.opened).toISOString().slice(5, 16)} ${alarm.control} ${JSON.stringify(alarm.scope)} ${alarm.words[0]!.finding.title} | ${last.money?.amount ?? '-'} | began ${last.began_at.slice(5, 16)} | until ${Number.isFinite(alarm.closed) ? new Date(alarm.closed).toISOString().slice(5, 16) : 'end'} x${alarm.words.length}`,
    );
  }
  for (const { truth } of played.planted)
    console.log(
      truth.scenario,
      truth.control,
      JSON.stringify(truth.scope),
      new Date(truth.from).toISOString().slice(5, 16),
      truth.records,
      truth.money / 1e6,
    );
}
