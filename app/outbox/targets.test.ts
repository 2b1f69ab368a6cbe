import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { WeirError } from '../../core/errors.ts';
import { parseSettings } from '../settings/load.ts';
import { needsPublisher } from './delivering.ts';
import { checkTargets, targetNames, targetOf } from './targets.ts';

const directory = mkdtempSync(join(tmpdir(), 'weir-targets-'));
afterAll(() => rmSync(directory, { recursive: true }));
const fileOf = (text: string): string => {
  const file = join(directory, `${Math.random()}`.slice(2));
  writeFileSync(file, text);
  return file;
};

const problem = (yaml: string, environment: Record<string, string> = {}): WeirError => {
  try {
    checkTargets(parseSettings(yaml, 'weir.yaml'), environment);
  } catch (error) {
    return error as WeirError;
  }
  throw new Error('accepted');
};

const all = (): string => {
  const key = fileOf('R'.repeat(32));
  const secret = fileOf('hunter2-do-not-say\n');
  return `
kafka: { brokers: "127.0.0.1:9092", incidentsTopic: told }
webhooks: [{ name: hook, url: "https://a.example/", secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz, cloudEvents: true }]
targets:
  v4: { type: alertmanager-webhook, url: "https://a.example/", tokenFile: ${secret} }
  am: { type: alertmanager, urls: ["http://10.0.0.1:9093"] }
  pd: { type: pagerduty, routingKeyFile: ${key} }
  jsm: { type: jsm-alert, keyEnv: JSM_KEY }
  events: { type: servicenow-event, url: "https://acme.example", user: u, passwordFile: ${secret} }
  incidents: { type: servicenow-incident, url: "https://acme.example", user: u, passwordFile: ${secret}, fields: { category: network } }
  tmf: { type: tmf621, url: "https://p.example/v5", tokenFile: ${secret}, title: "{title} ({severity})" }
  jira: { type: jira, url: "https://acme.example", user: u, passwordFile: ${secret}, project: NOC, fields: { customfield_1: [{ a: 1 }] } }
  bot: { type: slack, tokenFile: ${secret}, channel: C1 }
  chat: { type: slack, webhookUrlEnv: SLACK_URL }
  mail: { type: email, host: mail.example, from: "Weir <weir@a.example>", to: [noc@a.example] }
  bus: { type: kafka, topic: incidents }
`;
};

describe('targets of the settings', () => {
  const environment = { JSM_KEY: 'k', SLACK_URL: 'https://hooks.slack.com/services/secret' };

  it('are read, each with its secret, and show none', () => {
    const settings = parseSettings(all(), 'weir.yaml');
    expect(() => checkTargets(settings, environment)).not.toThrow();
    expect(needsPublisher(settings)).toBe(true);
    expect(targetNames(settings)).toEqual([
      'hook',
      'v4',
      'am',
      'pd',
      'jsm',
      'events',
      'incidents',
      'tmf',
      'jira',
      'bot',
      'chat',
      'mail',
      'bus',
      'topic:told',
    ]);
    for (const [name, target] of Object.entries(settings.targets)) {
      if (target.type === 'kafka') continue;
      const made = targetOf(name, target, '', environment);
      expect(made.type).toBe(target.type);
      expect(`${made.name} ${made.place}`).not.toMatch(/hunter2|RRR|services/);
    }
    // The whole of the settings can be shown.
    expect(JSON.stringify(settings.targets)).not.toMatch(/hunter2|RRR/);
  });

  it.each([
    ['targets: { pd: { type: pagerduty } }', 'targets.pd: routingKey is missing'],
    ['targets: { pd: { type: pagerduty, routingKeyEnv: KEY } }', 'targets.pd: routingKey is not 32 letters and digits'],
    ['targets: { pd: { type: pagerduty, routingKeyEnv: NONE } }', 'the environment has no NONE'],
    ['targets: { pd: { type: pagerduty, routingKeyFile: /no/such/file } }', '/no/such/file'],
    ['targets: { s: { type: slack, tokenEnv: KEY } }', 'targets.s: channel is missing'],
    ['targets: { s: { type: slack, webhookUrlEnv: KEY } }', 'targets.s: webhookUrl is not an address'],
    ['targets: { s: { type: tmf621, url: "https://a", user: u } }', 'user and password belong together'],
    ['targets: { s: { type: tmf621, url: "https://a", user: u, tokenEnv: KEY } }', 'by token or by user and password'],
    ['targets: { m: { type: email, host: h, user: u, from: a@b.c, to: [a@b.c] } }', 'user and password belong together'],
    ['targets: { t: { type: tmf621, url: "https://a", note: "{nobody}" } }', 'targets.t.note: there is no word {nobody}'],
    ['targets: { k: { type: kafka, topic: t } }', 'kafka.brokers is empty'],
    [
      'webhooks: [{ name: a, url: "https://a/" }]\ntargets: { a: { type: alertmanager, urls: ["http://a"] } }',
      'a webhook or a target of that name',
    ],
  ])('%s is refused', (yaml, message) => {
    const error = problem(yaml, { KEY: 'hunter2-do-not-say' });
    expect(error.code).toMatch(/^config_/);
    expect(error.message).toContain(message);
    expect(error.message + error.hint).not.toContain('hunter2');
  });

  it.each([
    ['targets:\n  a:\n    type: pager\n', 'weir.yaml:3: targets.a.type: must be one of alertmanager-webhook'],
    ['targets:\n  a:\n    type: email\n    host: h\n    from: "a@b.c\\nBcc: x@y.z"\n    to: [a@b.c]\n', 'weir.yaml:5: targets.a.from'],
    ['targets:\n  a:\n    type: tmf621\n    url: https://user:password@a/\n', 'weir.yaml:4: targets.a.url'],
    ['targets:\n  a:\n    type: alertmanager\n    urls: []\n', 'targets.a.urls'],
    ['targets:\n  a:\n    type: slack\n    chanel: x\n', 'Did you mean "channel"?'],
  ])('%j is refused with its line', (yaml, message) => {
    expect(() => parseSettings(yaml, 'weir.yaml')).toThrow(message);
  });
});
