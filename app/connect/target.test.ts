import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../../incidents/testing/receiver.ts';
import { freePort } from '../../test/fetch/port.ts';
import { parseSettings } from '../settings/load.ts';
import { tryConnections } from './connect.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

it('says of each target whether it answers and takes the login, sends nothing, and shows no secret', async () => {
  const nobody = await freePort();
  receiver.answer = ({ path, headers }, response) => {
    if (path.includes('auth.test')) response.writeHead(200).end('{"ok":false,"error":"invalid_auth"}');
    else response.writeHead(path.includes('/api/now/') && headers.authorization !== undefined ? 401 : 200).end('{}');
  };
  const settings = parseSettings(
    `targets:
  am: { type: alertmanager, urls: ["${receiver.url}"] }
  snow: { type: servicenow-incident, url: "${receiver.url}", user: u, passwordEnv: SECRET }
  tmf: { type: tmf621, url: "${receiver.url}", tokenEnv: SECRET }
  bot: { type: slack, url: "${receiver.url}", tokenEnv: SECRET, channel: C1 }
  v4: { type: alertmanager-webhook, url: "${receiver.url}" }
  away: { type: jira, url: "http://127.0.0.1:${nobody}", user: u, passwordEnv: SECRET, project: NOC }
  mail: { type: email, host: 127.0.0.1, port: ${nobody}, from: a@b.example, to: [a@b.example], tls: none }
  keyless: { type: pagerduty }
`,
    'weir.yaml',
  );
  const attempts = await tryConnections(settings, { SECRET: 'hunter2-do-not-say' });
  const host = new URL(receiver.url).host;
  expect(attempts.map(({ setting, ok, said }) => `${setting} ${ok} ${said}`)).toEqual([
    `targets.am true ${host}: answers`,
    `targets.snow false ${host}: refuses the login (401)`,
    `targets.tmf true ${host}: answers and takes the login`,
    `targets.bot false ${host} C1: refuses the login`,
    `targets.v4 true ${host}: answers; its key is not tried before the first incident`,
    `targets.away false 127.0.0.1:${nobody}: ECONNREFUSED`,
    expect.stringContaining(`targets.mail false 127.0.0.1:${nobody}: ESOCKET`),
    'targets.keyless false targets.keyless: routingKey is missing',
  ]);
  expect(JSON.stringify(attempts)).not.toContain('hunter2');
  expect(attempts.every(({ ok, hint }) => ok || hint !== '')).toBe(true);
  expect(receiver.received.every(({ method, path }) => method === 'GET' || path.endsWith('/auth.test'))).toBe(true);
});
