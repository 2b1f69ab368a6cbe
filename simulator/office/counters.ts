/** What mediation and rating say of themselves: records in, out and taken out, by hour and service. */
import type { UsageEvent } from '../event.ts';
import { amountText } from '../feed.ts';
import { hour, isoText } from '../instant.ts';
import { currency } from '../plans.ts';
import type { Service } from '../rhythm.ts';
import type { Injection } from '../scenario.ts';
import { comesTo, deciding, type Fate, fateAt, type Stage } from '../stages.ts';
import { firstAt } from '../usage-writer.ts';
import type { TableFeed, TableShape } from './table-feed.ts';

export const counterShape: TableShape = {
  feed: 'stage-counters',
  kind: 'stage_counter',
  columns: [
    'event_time',
    'stage',
    'node',
    'service',
    'records_in',
    'records_out',
    'filtered',
    'suspended',
    'duplicates',
    'merged',
    'charge_out',
    'currency',
  ],
  period: hour,
};

const nodes = { mediation: 'med-1', rating: 'billing-1' } as const;
type Counting = keyof typeof nodes;

/** When a stage takes an event, after it was closed, ms: as its feed does. */
const delays: Readonly<Record<Counting, number>> = { mediation: 30_000, rating: 90_000 };

interface Count {
  in: number;
  out: number;
  filtered: number;
  suspended: number;
  duplicates: number;
  merged: number;
  charge: number;
}

const classes: Readonly<Record<Fate, keyof Count | ''>> = {
  unseen: '',
  vanished: '',
  filtered: 'filtered',
  suspended: 'suspended',
  duplicate: 'duplicates',
};

export interface StageCounters extends TableFeed {
  /** Counts what each stage takes before an instant, and tells scenarios what they took away. @param closed in order of closing. */
  count(closed: readonly UsageEvent[], to: number): void;
}

/** @param chargeable whether anybody pays for an event: mediation filters the rest. */
export function stageCounters(injections: readonly Injection[], from: number, chargeable: (event: UsageEvent) => boolean): StageCounters {
  const decide = deciding(injections);
  const counts = new Map<string, Count>();
  const counted: Record<Counting, number> = { mediation: from, rating: from };

  function countOf(stage: Stage, service: Service, at: number): Count {
    const key = `${Math.floor(at / hour)} ${stage} ${service}`;
    let count = counts.get(key);
    if (!count) {
      count = { in: 0, out: 0, filtered: 0, suspended: 0, duplicates: 0, merged: 0, charge: 0 };
      counts.set(key, count);
    }
    return count;
  }

  function take(stage: Counting, event: UsageEvent): void {
    if (event.only !== '') return;
    const count = countOf(stage, event.service, event.closedAt + delays[stage]);
    if (event.interim !== 0 || !chargeable(event)) {
      // What came in and calls that nobody answered are left out before mediation; messages that were not delivered are filtered by it.
      if (stage === 'rating' || (event.interim === 0 && (event.service !== 'sms' || event.direction === 'mt'))) return;
      count.in++;
      count[event.interim !== 0 ? 'merged' : 'filtered']++;
      return;
    }
    if (decide.length > 0 && !comesTo(event, stage, decide)) return;
    const taken = decide.length > 0 ? fateAt(event, stage, decide) : undefined;
    if (taken?.fate !== 'unseen') count.in++;
    if (!taken) {
      count.out++;
      if (stage === 'rating') count.charge += event.charge;
      return;
    }
    const into = classes[taken.fate];
    if (into !== '') count[into]++;
    taken.by.staged?.(event, stage, taken.fate);
  }

  return {
    ...counterShape,
    count(closed, to) {
      for (const stage of ['mediation', 'rating'] as const) {
        const last = to - delays[stage];
        for (let i = firstAt(closed, counted[stage] - delays[stage]); i < closed.length && closed[i]!.closedAt < last; i++)
          take(stage, closed[i]!);
        counted[stage] = to;
      }
    },
    rows() {
      const rows = [...counts].map(([key, count]) => {
        const [number, stage, service] = key.split(' ') as [string, Counting, Service];
        return {
          event_time: isoText(Number(number) * hour, 0, 'Z'),
          stage,
          node: nodes[stage],
          service,
          records_in: count.in,
          records_out: count.out,
          filtered: count.filtered,
          suspended: count.suspended,
          duplicates: count.duplicates,
          merged: count.merged,
          charge_out: amountText(count.charge),
          currency,
        };
      });
      counts.clear();
      return rows;
    },
  };
}
