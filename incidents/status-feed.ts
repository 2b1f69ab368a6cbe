/** The status feed: what people published, as JSON Feed 1.1 and as RSS 2.0. */

export const updateStages = ['investigating', 'identified', 'monitoring', 'resolved'] as const;

export type UpdateStage = (typeof updateStages)[number];

export interface StatusUpdate {
  readonly update_id: string;
  readonly stage: UpdateStage;
  /** Empty = all. */
  readonly services: readonly string[];
  /** Empty = the public. */
  readonly partners: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly at: string;
}

export interface FeedHead {
  readonly title: string;
  /** Where the feed is read. */
  readonly url: string;
  /** Page for people; empty = none. */
  readonly homePage: string;
}

/** The feed as JSON Feed 1.1. Ids of incidents, of people and of other partners are not in it. */
export function jsonFeed(head: FeedHead, updates: readonly StatusUpdate[]): object {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: head.title,
    feed_url: head.url,
    ...(head.homePage === '' ? {} : { home_page_url: head.homePage }),
    items: updates.map(({ update_id, stage, services, title, text, at }) => ({
      id: update_id,
      title,
      content_text: text,
      date_published: at,
      tags: [stage, ...services],
    })),
  };
}

/** The feed as RSS 2.0. */
export function rssFeed(head: FeedHead, updates: readonly StatusUpdate[]): string {
  const items = updates.map(
    ({ update_id, stage, services, title, text, at }) => `<item><title>${xmlText(title)}</title><description>${xmlText(text)}</description>
<guid isPermaLink="false">${xmlText(update_id)}</guid><pubDate>${new Date(at).toUTCString()}</pubDate>
${[stage, ...services].map((name) => `<category>${xmlText(name)}</category>`).join('')}</item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>${xmlText(head.title)}</title><link>${xmlText(head.homePage || head.url)}</link><description>${xmlText(head.title)}</description>
${items.join('\n')}
</channel></rss>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/**
 * A text within XML; what XML 1.0 does not allow is taken out.
 * @example xmlText('a<b>\u0000') // 'a&lt;b&gt;'
 */
export function xmlText(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
