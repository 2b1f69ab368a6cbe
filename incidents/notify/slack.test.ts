import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { incidentOf } from '../testing/finding.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { lifeOf, tell, testMemory, testTools } from '../testing/targets.ts';
import { anyText, strangeTexts } from '../testing/texts.ts';
import { slackLimits, slackMessage, slackTarget, slackText } from './slack.ts';
import { defaultTexts as texts } from './template.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

// biome-ignore lint/suspicious/noExplicitAny: bodies of another system
type Body = Record<string, any>;
const life = lifeOf();
const sent = (): Body[] => receiver.received.map(({ body }) => JSON.parse(body) as Body);
const bot = () => slackTarget({ kind: 'bot', name: 's', url: receiver.url, token: 'xoxb-secret', channel: '#noc', texts });
const answerWith = (value: unknown, status = 200, headers: Record<string, string> = {}): void => {
  receiver.answer = (_, response) => response.writeHead(status, headers).end(typeof value === 'string' ? value : JSON.stringify(value));
};

describe('a message', () => {
  it('says what happened, in the colour of how bad it is', () => {
    const message = slackMessage(texts, { ...life.opened, links: { incident: 'https://weir.example/incidents/inc_1' } }) as Body;
    const [attachment] = message['attachments'];
    expect(message['text']).toBe('[minor] opened: Files are missing from msc1');
    expect(attachment.blocks.map((block: Body) => block['type'])).toEqual(['header', 'section', 'context']);
    expect(attachment.blocks[2].elements[0].text).toBe('<https://weir.example/incidents/inc_1|Open in Weir>');
    expect((slackMessage(texts, life.resolved) as Body)['attachments'][0].color).toBe('#2da44e');
    expect(slackText('<!channel> & co')).toBe('&lt;!channel&gt; &amp; co');
  });

  it('keeps the limits, and nothing that an incident says is markup', () => {
    fc.assert(
      fc.property(anyText, anyText, (title, summary) => {
        const message = slackMessage(texts, { ...incidentOf(), title, summary }) as Body;
        expect(message['text']).not.toMatch(/[<>]/);
        const [{ blocks }] = message['attachments'];
        for (const block of blocks) {
          if (block.type === 'context') continue;
          expect(block.text.type).toBe('plain_text');
          expect(block.text.text.length).toBeGreaterThan(0);
          expect(block.text.text.length).toBeLessThanOrEqual(block.type === 'header' ? slackLimits.header : slackLimits.section);
        }
        expect(JSON.stringify(message).length).toBeLessThan(60_000);
      }),
      { numRuns: 60 },
    );
    const message = slackMessage(texts, { ...incidentOf(), title: strangeTexts['markup of Slack']! }) as Body;
    expect(message['text']).toContain('&lt;!channel&gt; &lt;@U123&gt;');
  });
});

describe('an incoming webhook', () => {
  const target = () => slackTarget({ kind: 'webhook', name: 's', url: receiver.url, texts });

  it.each([
    ['ok', 200, 'delivered'],
    ['invalid_payload', 400, 'refused'],
    ['action_prohibited', 403, 'refused'],
    ['no_service', 404, 'refused'],
    ['channel_is_archived', 410, 'gone'],
    ['rate_limited', 429, 'retry'],
    ['rollup_error', 500, 'retry'],
  ])('that answers %s %i means %s', async (body, status, outcome) => {
    answerWith(body, status);
    expect(await tell(target(), [life.opened])).toEqual([outcome]);
  });

  it('never shows its address', async () => {
    answerWith(`no such ${receiver.url}`, 404);
    expect(JSON.stringify(await target().deliver(life.opened, testTools()))).not.toContain(receiver.url);
    expect(target().place).not.toContain('/hook');
  });
});

describe('a bot', () => {
  it('keeps one message per incident, with its changes in the thread', async () => {
    answerWith({ ok: true, channel: 'C1', ts: '17.000001' });
    const memory = testMemory();
    expect(await tell(bot(), [life.opened, life.acknowledged, life.resolved], testTools(memory))).toEqual([
      'delivered',
      'delivered',
      'delivered',
    ]);
    expect(memory.kept.get(life.opened.incident_id)?.external_id).toBe('C1/17.000001');
    expect(receiver.received.map(({ path }) => path)).toEqual([
      '/hook/chat.postMessage',
      '/hook/chat.postMessage',
      '/hook/chat.update',
      '/hook/chat.postMessage',
      '/hook/chat.update',
    ]);
    expect(sent()[0]).toMatchObject({ channel: '#noc' });
    expect(sent()[1]).toMatchObject({ channel: 'C1', thread_ts: '17.000001' });
    expect(sent()[2]).toMatchObject({ channel: 'C1', ts: '17.000001' });
    expect(receiver.received[0]?.headers.authorization).toBe('Bearer xoxb-secret');
  });

  it.each([
    [{ ok: false, error: 'ratelimited' }, 200, 'retry'],
    [{ ok: false, error: 'internal_error' }, 200, 'retry'],
    [{ ok: false, error: 'invalid_auth' }, 200, 'retry'],
    [{ ok: false, error: 'channel_not_found' }, 200, 'refused'],
    [{ ok: false, error: 'msg_too_long' }, 200, 'refused'],
    ['<html>', 200, 'retry'],
    ['', 503, 'retry'],
  ])('that hears %j means it', async (value, status, outcome) => {
    answerWith(value, status);
    expect(await tell(bot(), [life.opened])).toEqual([outcome]);
  });

  it('hands Retry-After on', async () => {
    answerWith('', 429, { 'retry-after': '30' });
    expect(await bot().deliver(life.opened, testTools())).toMatchObject({ outcome: 'retry', retryAfterSeconds: 30 });
  });
});
