/** A real Alertmanager takes what we send, shows it, notifies of it and ends it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAlertmanager, type TestAlertmanager } from '../../test/alertmanager.ts';
import { incidentOf } from '../testing/finding.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { lifeOf, tell, testMemory, testTools } from '../testing/targets.ts';
import { strangeTexts } from '../testing/texts.ts';
import { type AlertmanagerSettings, alertmanagerTarget } from './alertmanager.ts';
import { defaultTexts as texts } from './template.ts';

let receiver: Receiver;
let alertmanager: TestAlertmanager;
beforeAll(async () => {
  receiver = await startReceiver();
  alertmanager = await startAlertmanager(receiver.url);
});
afterAll(async () => {
  await alertmanager.stop();
  await receiver.stop();
});

interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly generatorURL: string;
  readonly status: { readonly state: string };
}
const shown = async (): Promise<Shown[]> => (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as Shown[];

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries += 1) {
    if (tries > 600) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Notified {
  readonly status: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}
const notified = (): Notified[] => receiver.received.map(({ body }) => JSON.parse(body) as Notified);
const settings = (): AlertmanagerSettings => ({
  name: 'am',
  urls: [alertmanager.url],
  login: { kind: 'none' },
  labels: { env: 'test' },
  keepMinutes: 60,
  texts,
});
/** Now is the time of the world here: Alertmanager has no other. */
const tools = (memory = testMemory()) => ({ ...testTools(memory), now: Date.now() });

describe('a real Alertmanager', () => {
  it('shows an incident, follows its severity, and ends it', async () => {
    const target = alertmanagerTarget(settings(), []);
    const life = lifeOf();
    const memory = testMemory();
    const opened = { ...life.opened, links: { incident: 'https://weir.example/incidents/inc_1' } };
    expect(await tell(target, [opened], tools(memory))).toEqual(['delivered']);
    const [alert, ...others] = await shown();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      labels: { alertname: 'S01', incident_key: 'gap-msc1', severity: 'minor', source: 'msc1', env: 'test', tenant: 'demo' },
      annotations: { summary: '[minor] opened: Files are missing from msc1', money: '1200 EUR leakage' },
      generatorURL: 'https://weir.example/incidents/inc_1',
    });
    expect(await tell(target, [life.updated], tools(memory))).toEqual(['delivered']);
    expect((await shown()).map(({ labels }) => labels['severity'])).toEqual(['critical']);
    expect(await tell(target, [life.resolved], tools(memory))).toEqual(['delivered']);
    await until(async () => (await shown()).length === 0);
    // What it tells its own receivers: both alerts fired, both ended.
    await until(() => notified().filter(({ status }) => status === 'resolved').length === 2);
    expect(
      notified()
        .map(({ status, alerts }) => `${alerts[0]?.labels['severity']} ${status}`)
        .sort(),
    ).toEqual(['critical firing', 'critical resolved', 'minor firing', 'minor resolved']);
  });

  it('takes every strange text', async () => {
    const target = alertmanagerTarget(settings(), []);
    for (const [index, text] of Object.values(strangeTexts).entries()) {
      const base = incidentOf({ finding_key: `strange-${index}`, scope: { [text.slice(0, 50)]: text, node: text }, detector: text });
      const answer = await target.deliver({ ...base, title: text, summary: text, team: text }, tools());
      expect(answer).toMatchObject({ outcome: 'delivered', status: 200 });
    }
    expect(await shown()).toHaveLength(Object.keys(strangeTexts).length);
  });
});
