import { describe, expect, it } from 'vitest';
import { type ActionItem, reminderIsDue } from './action-item.ts';
import { reportHtml, reportMarkdown } from './post-incident.ts';
import { askedOf, type Review, type ReviewChange, reviewed } from './review.ts';
import { similarTo } from './similar.ts';
import { jsonFeed, rssFeed, type StatusUpdate } from './status-feed.ts';
import { incidentOf } from './testing/finding.ts';

const by = { actor: 'ana', at: '2026-01-06T10:00:00.000Z' };
const say = (before: Review | undefined, change: ReviewChange): Review => {
  const result = reviewed('inc_a', before, change, by);
  if ('refused' in result) throw new Error(result.refused);
  return result.review;
};

describe('a review', () => {
  it('grows by what is said, and asks for what is missing', () => {
    const one = say(undefined, { cause: 'change', useful: 'useful', satisfaction: 4 });
    expect(one).toMatchObject({ version: 1, cause: 'change', whys: [] });
    expect(askedOf(one)).toEqual(['the chain of 3 to 7 whys', 'the root cause']);
    const two = say(one, { whys: ['a', 'b', 'c'], root_cause: 'no test of the roll-back' });
    expect(two).toMatchObject({ version: 2, cause: 'change', satisfaction: 4 });
    expect(askedOf(two)).toEqual([]);
    expect(askedOf(say(undefined, { cause: 'not_an_incident', useful: 'noise', satisfaction: 1 }))).toEqual([]);
  });

  it.each<[ReviewChange, string]>([
    [{ cause: 'gremlins' }, 'The cause is one of'],
    [{ satisfaction: 6 }, '1 to 5'],
    [{ whys: Array(8).fill('why') }, 'at most 7'],
    [{ whys: ['a', ' '] }, 'says nothing'],
    [{ whys: ['a', 'b'], root_cause: 'x' }, '3 to 7'],
    [{ lessons: 'x'.repeat(4_001) }, '4000'],
  ])('refuses %j', (change, why) => {
    expect(() => say(undefined, change)).toThrow(why);
  });
});

describe('reminders', () => {
  it('come three days ahead, on the day, and every week once it is over', () => {
    const item = { state: 'open', due_on: '2026-01-10', reminded_at: '' } as ActionItem;
    const reminded: string[] = [];
    for (let day = Date.UTC(2026, 0, 1, 9); day < Date.UTC(2026, 0, 30); day += 86_400_000) {
      const at = new Date(day).toISOString();
      if (reminderIsDue({ ...item, reminded_at: reminded.at(-1) ?? '' }, day)) reminded.push(at);
    }
    expect(reminded.map((at) => at.slice(8, 10))).toEqual(['07', '10', '17', '24']);
    expect(reminderIsDue({ ...item, state: 'done' }, Date.UTC(2026, 0, 20))).toBe(false);
  });
});

describe('similar incidents', () => {
  it('are those of the same detector, metric, scope and explanation, the most alike first', () => {
    const one = { incident_id: 'a', detector: 'S01', metric: 'm', scope: { source: 'x' }, explanation: { partner: 'acme' } };
    const others = [
      { ...one, incident_id: 'same' },
      { ...one, incident_id: 'elsewhere', scope: { source: 'y' } },
      { ...one, incident_id: 'explained-otherwise', explanation: { cell: '7' } },
      { ...one, incident_id: 'other-detector', detector: 'S02', metric: 'n', scope: { source: 'x' }, explanation: {} },
      one,
    ];
    const found = similarTo(one, others);
    expect(found.map(({ incident, score }) => [incident.incident_id, score])).toEqual([
      ['same', 1],
      ['elsewhere', 0.85],
      ['explained-otherwise', 0.7],
    ]);
    expect(found[1]!.reason).toBe('same detector, same metric, same explanation, similar scope');
  });
});

const nasty = '<script>alert("x")</script> | **b** [l](javascript:x) `c` & \u0000\u202e\n# head';

describe('the report after an incident', () => {
  const incident = {
    ...incidentOf({ title: nasty, summary: nasty }),
    timeline: [{ at: by.at, type: 'commented', actor: nasty, text: nasty }],
  };
  const action = {
    action_id: 'act_1',
    incident_id: 'inc_a',
    kind: 'preventive',
    text: nasty,
    owner: nasty,
    due_on: '2026-01-01',
    state: 'open',
    version: 1,
    reminded_at: '',
    ...by,
  } as const;
  const review = say(undefined, { cause: 'change', cause_text: nasty, whys: [nasty, 'b', 'c'], root_cause: nasty, lessons: nasty });
  const parts = {
    incident,
    review,
    actions: [action],
    similar: [{ incident_id: 'inc_b', title: nasty, score: 0.9, reason: 'same detector' }],
    now: Date.UTC(2026, 0, 7),
  };

  it('shows what was written as text in HTML', () => {
    const html = reportHtml(parts);
    expect(html).not.toMatch(/<script|<b>|\u202e|\p{Cc}(?<!\n)/u);
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(html).toContain('<td>overdue</td>');
    // Only elements of our own, none with an attribute but the language and the character set.
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)[ >]/g)].map(([, name]) => name));
    expect([...tags].sort()).toEqual(['body', 'h1', 'h2', 'head', 'html', 'li', 'meta', 'ol', 'p', 'table', 'td', 'th', 'title', 'tr']);
  });

  it('shows it as text in Markdown, each cell on its line', () => {
    const markdown = reportMarkdown(parts);
    expect(markdown).not.toMatch(/<script|[^\\]\*\*b|[^\\]\[l|[^\\]`c/);
    for (const line of markdown.split('\n').filter((each) => each.startsWith('| preventive')))
      expect(line.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(markdown).toContain('## Actions');
    expect(markdown.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
  });

  it('says what is still asked for', () => {
    expect(reportMarkdown({ ...parts, review: undefined, actions: [] })).toContain('Still asked for');
  });
});

describe('the status feed', () => {
  const update: StatusUpdate = {
    update_id: 'upd_1',
    stage: 'identified',
    services: ['voice'],
    partners: ['acme'],
    title: nasty,
    text: nasty,
    at: by.at,
  };
  const head = { title: 'Status', url: 'https://weir.example/status.rss', homePage: '' };

  it('has what was published and nothing else', () => {
    expect(jsonFeed(head, [update])).toEqual({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'Status',
      feed_url: head.url,
      items: [{ id: 'upd_1', title: nasty, content_text: nasty, date_published: by.at, tags: ['identified', 'voice'] }],
    });
    const rss = rssFeed(head, [update]);
    expect(rss).not.toMatch(/<script|acme|\p{Cc}(?<!\n)/u);
    expect(rss).toContain('<pubDate>Tue, 06 Jan 2026 10:00:00 GMT</pubDate>');
  });
});
