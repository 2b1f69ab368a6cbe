/** Writes a file of usage records in our own CSV together with the truth about it: what a table must hold when all is stored once. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Random } from './random.ts';

export interface UsageTruth {
  /** Lines: the header, good records and bad ones. */
  readonly rows: number;
  readonly stored: number;
  readonly rejected: number;
  /** Sum of duration_seconds of the good records: whole seconds, so that a sum is exact. */
  readonly seconds: number;
  /** Sum of charge of the good records, in millionths. */
  readonly chargeMicro: number;
}

export interface UsageFileOptions {
  readonly records: number;
  readonly random: Random;
  /** One record in so many is broken; 0 = none. */
  readonly brokenEvery?: number;
  /** Makes the records of this file differ from those of every other. */
  readonly series: number;
}

export const usageHeader =
  'leg,node,service,direction,partner,answered,start_time,end_time,duration_seconds,billable_seconds,subscriber_number,other_party_number,session_id,route,charge,currency';

/** Subscriber numbers of all these files begin so: what no log and no metric may hold. */
export const numberPrefix = '+4915209';

const firstStart = Date.UTC(2026, 9, 1);
const nodes = ['msc-1', 'msc-2', 'msc-3'];
const partners = ['carrier-a', 'carrier-b', 'carrier-c', 'carrier-d'];

/** One good line, and what it adds to the sums. */
export function usageLine(series: number, index: number, random: Random): { line: string; seconds: number; chargeMicro: number } {
  const seconds = random.whole(1, 900);
  const chargeMicro = random.whole(0, 2_000_000);
  const start = firstStart + series * 86_400_000 + index * 250;
  const number = `${numberPrefix}${String(100_000 + (index % 50_000))}`;
  const other = `+3312345${String(1000 + (index % 9000))}`;
  const line = [
    'switch',
    nodes[index % nodes.length],
    'voice',
    'mo',
    partners[random.whole(0, partners.length - 1)],
    'true',
    new Date(start).toISOString(),
    new Date(start + seconds * 1000).toISOString(),
    seconds,
    seconds,
    number,
    other,
    `s${series}-${index}`,
    `trunk-${index % 7}`,
    (chargeMicro / 1_000_000).toFixed(6),
    'EUR',
  ].join(',');
  return { line, seconds, chargeMicro };
}

/** Writes the file as a stream, whatever its size. */
export async function writeUsageFile(path: string, options: UsageFileOptions): Promise<UsageTruth> {
  const { records, random, series, brokenEvery = 0 } = options;
  const out = createWriteStream(path);
  let [stored, rejected, seconds, chargeMicro] = [0, 0, 0, 0];
  let piece = `${usageHeader}\n`;
  for (let index = 0; index < records; index++) {
    const good = usageLine(series, index, random);
    if (brokenEvery > 0 && index % brokenEvery === brokenEvery - 1) {
      piece += `switch,msc-1,voice,mo,carrier-a,true,not a time,,5,5,${numberPrefix}1,,s${series}-${index},,0,EUR\n`;
      rejected++;
    } else {
      piece += `${good.line}\n`;
      stored++;
      seconds += good.seconds;
      chargeMicro += good.chargeMicro;
    }
    if (piece.length > 1 << 18) {
      if (!out.write(piece)) await once(out, 'drain');
      piece = '';
    }
  }
  out.end(piece);
  await once(out, 'close');
  return { rows: records + 1, stored, rejected, seconds, chargeMicro };
}
