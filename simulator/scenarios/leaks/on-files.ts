/** What leaks of files have in common: which feed, which files, and what becomes of them. */
import { feedsOf } from '../../feeds.ts';
import { type SimulatedFile, worthOf } from '../../file.ts';
import { day } from '../../instant.ts';
import type { Injection, Scenario, Truth } from '../../scenario.ts';
import { type Tally, tally } from '../tally.ts';
import { onFeed } from './lanes.ts';
import { dailyWorth, type LeakType, oneOf, planOf, type Site } from './leak.ts';
import { strengthUpTo } from './onset.ts';

/** Feeds whose records carry retail value. */
export const valued = ['msc-1', 'msc-2', 'smsc', 'pgw', 'rating'] as const;

export const slowable = [...valued, 'host-wholesale'] as const;

export const feedOf = (site: Site, names: readonly string[] = valued): string => oneOf(site, names);

/** Micro-units a day behind the records of a feed. */
export function worthOfFeed({ world, from }: Site, name: string): number {
  const feed = feedsOf(world).find((each) => each.feed === name)!;
  return dailyWorth(world, from, (event) => feed.takes(event));
}

/**
 * Chooses whole files so that what they are worth follows the planned share: a file goes when the plan is ahead by more than half of it. The first
 * file of the span goes in any case, so that there is something to find.
 */
export function chosenFiles(site: Site, daily: number): (file: SimulatedFile) => boolean {
  let taken = 0;
  return (file) => {
    if (file.from < site.from || file.from >= site.to || file.lines.length === 0) return false;
    const due = (site.share * daily * strengthUpTo(site, file.to)) / day;
    const worth = worthOf(file.figures);
    if (taken > 0 && due - taken < worth / 2) return false;
    taken += Math.max(1, worth);
    return true;
  };
}

export function onFiles(
  site: Site,
  control: string,
  leak: string,
  feed: string,
  summary: string,
  act: (file: SimulatedFile, count: Tally) => readonly SimulatedFile[],
  more: Partial<Truth> = {},
  scope: Truth['scope'] = { source: feed },
): Scenario {
  const count = tally(planOf(site, control, leak, scope, more));
  const file: Injection['file'] = (each) => (each.feed === feed ? act(each, count) : [each]);
  return { name: leak, summary, inject: { file }, truth: count.truth };
}

/** The feed that a site disturbs. */
export const valuedLane: LeakType['lanes'] = (site) => onFeed(oneOf(site, valued));
