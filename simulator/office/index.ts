/** The back office: the systems behind the network that state tables. */
import type { UsageEvent } from '../event.ts';
import type { UsageFeed } from '../feed.ts';
import { chargeable } from '../feeds.ts';
import { hour } from '../instant.ts';
import { tariffColumns } from '../reference.ts';
import type { Injection } from '../scenario.ts';
import type { Written } from '../usage-writer.ts';
import type { World } from '../world.ts';
import { counterShape, stageCounters } from './counters.ts';
import { creditFeed, creditShape } from './credits.ts';
import { hostInvoices } from './host-invoices.ts';
import { billRun, invoiceShape, lineShape } from './invoices.ts';
import { subscriptionFeed, subscriptionShapes } from './subscriptions.ts';
import type { TableFeed, TableShape } from './table-feed.ts';

/** Feeds that state something only when something changes. */
const changeShapes: readonly TableShape[] = [
  { feed: 'tariff-changes', kind: 'tariff', columns: [...tariffColumns, 'valid_to'], period: hour },
  {
    feed: 'change-log',
    kind: 'change_event',
    columns: ['event_time', 'change_id', 'change_kind', 'system', 'scope', 'summary', 'actor'],
    period: hour,
  },
];

const shapes: readonly TableShape[] = [...subscriptionShapes, counterShape, creditShape, invoiceShape, lineShape, ...changeShapes];

/**
 * The table feeds of a world.
 * @example tableShapes({ backOffice: false }).length // 0
 */
export const tableShapes = ({ backOffice }: Pick<World, 'backOffice'>): readonly TableShape[] => (backOffice ? shapes : []);

export interface Office {
  readonly feeds: readonly TableFeed[];
  /** Told of everything that was closed before an instant, step by step. @param closed in order of closing. */
  count(closed: readonly UsageEvent[], to: number): void;
  /** Told of each record that a leg has written. */
  readonly written: Readonly<Partial<Record<UsageFeed['leg'], Written>>>;
}

/** @param from first instant of the run. */
export function openOffice(world: World, injections: readonly Injection[], from: number): Office | undefined {
  if (!world.backOffice) return undefined;
  const counters = stageCounters(injections, from, chargeable);
  const wholesale = hostInvoices(world, from);
  const books = billRun(world, injections, from, wholesale);
  return {
    feeds: [
      subscriptionFeed(world, 'hlr', from),
      subscriptionFeed(world, 'billing', from),
      counters,
      creditFeed(world),
      ...books.feeds,
      ...changeShapes.map((shape) => ({ ...shape, rows: () => [] })),
    ],
    count: counters.count,
    written: { rating: books.rated, mno_wholesale: wholesale.charged },
  };
}
