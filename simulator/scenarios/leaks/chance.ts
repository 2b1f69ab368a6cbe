/** Leaks that take or spoil single records by chance. */
import type { UsageEvent } from '../../event.ts';
import type { Draft, UsageFeed } from '../../feed.ts';
import type { Injection, Scenario, Truth } from '../../scenario.ts';
import type { Fate, Stage } from '../../stages.ts';
import type { World } from '../../world.ts';
import { type Tally, tally } from '../tally.ts';
import { dayOf, planOf, type Site } from './leak.ts';
import { takes } from './onset.ts';

/** What every leak of this kind says of itself. */
export interface Words {
  readonly control: string;
  readonly leak: string;
  readonly scope: Truth['scope'];
  readonly summary: string;
  readonly about: (event: UsageEvent) => boolean;
  /** Probability at full strength. Default: the planned share. */
  readonly chance?: number;
  readonly more?: Partial<Pick<Truth, 'also' | 'class' | 'cause' | 'share' | 'comesAt'>>;
}

const open = (site: Site, { control, leak, scope, more }: Words): Tally => tally(planOf(site, control, leak, scope, more));

/** Takes events away at a stage: no leg behind it sees them. */
export function takenAtStage(site: Site, words: Words, stage: Stage, fate: Fate): Scenario {
  const { leak, summary, about, chance = site.share } = words;
  const count = open(site, words);
  return {
    name: leak,
    summary,
    inject: {
      // Asked for each event by each leg: what is cheap comes first.
      stage: (event, at) => (at === stage && takes(site, chance, event.lot, event.start) && about(event) ? fate : undefined),
      staged: (event) => count.record(event.charge),
    },
    truth: count.truth,
  };
}

/** Changes the drafts of some feeds. @param act returns the micro-units that this costs; undefined = this record is left alone. */
export function recordsSpoilt(
  site: Site,
  words: Words,
  feeds: readonly string[],
  act: (draft: Draft, feed: UsageFeed, world: World) => number | undefined,
  more: Injection = {},
): Scenario {
  const { leak, summary, about, chance = site.share } = words;
  const count = open(site, words);
  return {
    name: leak,
    summary,
    inject: {
      ...more,
      feeds,
      record(draft, feed, world) {
        const { event } = draft;
        if (!takes(site, chance, event.lot, event.start) || !about(event)) return;
        const money = act(draft, feed, world);
        if (money !== undefined) count.record(money);
      },
    },
    truth: count.truth,
  };
}

/**
 * Probability by which records have to be hit so that their loss makes the planned share of the revenue of a cell.
 * @param lost micro-units that a hit record costs. @param worth micro-units that it brings; default: its retail charge.
 */
export function chanceFor(
  site: Site,
  cell: (event: UsageEvent) => boolean,
  lost: (event: UsageEvent) => number,
  worth: (event: UsageEvent) => number = ({ charge }) => charge,
): number {
  let [all, each] = [0, 0];
  for (const event of dayOf(site.world, site.from).events) {
    if (!cell(event)) continue;
    all += worth(event);
    each += lost(event);
  }
  return each <= 0 ? 0 : Math.min(0.95, (site.share * all) / each);
}
