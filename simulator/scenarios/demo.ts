/** The demo: some incidents stand in the last hours of the history, others come one after the other in the live stream. */
import { day, hour, minute } from '../instant.ts';
import type { Scenario } from '../scenario.ts';
import { duplicatedRecords, lateFile, missingFile, replayedFile, silentFeed, truncatedFile } from './files.ts';
import { suspenseBurst } from './records.ts';
import { messageSurge, partnerDrop, quietDay } from './traffic.ts';

/**
 * What happens around the start of the live stream. Minutes of the live part are event time: at the demo's speed of 60 one passes each second.
 *
 * | when | what | control |
 * |---|---|---|
 * | 24 days before | a quiet day | innocent |
 * | 9 days before | a daily file of the host is five hours late | innocent |
 * | -5 h | hourly file of msc-1 missing | S01 |
 * | -4 h | hourly file of smsc cut short | S03 |
 * | -3 h | hourly file of pgw sent again | S10 |
 * | -2 h to -1 h | rating writes unreadable times | S12 |
 * | -3 h to 0 | traffic with alder-carrier at 30 % | usage volume |
 * | +2 min | records of rating doubled | S10 |
 * | +10 min | file of msc-2 missing | S01 |
 * | +20 to +45 min | pgw writes unknown units | S12 |
 * | +30 to +90 min | smsc silent | S02 |
 * | +60 to +120 min | traffic with beacon-telecom at 30 % | usage volume |
 * | +90 to +150 min | messages with alder-carrier at four times the usual | usage volume |
 *
 * @param now end of the history = start of the live stream, event time, ms.
 * @example demoScenarios(Date.UTC(2026, 10, 20)).length // 13
 */
export function demoScenarios(now: number): Scenario[] {
  return [
    quietDay(now - 24 * day, now - 23 * day, 0.55),
    lateFile({ feed: 'host-wholesale', at: now - 9 * day }, 5 * hour),
    missingFile({ feed: 'msc-1', at: now - 5 * hour + minute }),
    truncatedFile({ feed: 'smsc', at: now - 4 * hour + minute }, 0.2),
    replayedFile({ feed: 'pgw', at: now - 3 * hour + minute }, 40 * minute),
    suspenseBurst('rating', now - 2 * hour, now - hour, 'time', 0.4),
    partnerDrop('alder-carrier', now - 3 * hour, now, 0.3),
    duplicatedRecords({ feed: 'rating', at: now + 2 * minute }, 0.25),
    missingFile({ feed: 'msc-2', at: now + 10 * minute }),
    suspenseBurst('pgw', now + 20 * minute, now + 45 * minute, 'volume', 0.5),
    silentFeed('smsc', now + 30 * minute, now + 90 * minute),
    partnerDrop('beacon-telecom', now + hour, now + 2 * hour, 0.3),
    messageSurge('alder-carrier', now + 90 * minute, now + 150 * minute, 4),
  ];
}
