import { expect, it } from 'vitest';
import { incidentOf } from '../../incidents/testing/finding.ts';
import { startReceiver } from '../../incidents/testing/receiver.ts';
import { chatText, sendChat } from './chat.ts';

it('sends one line, and answers what the receiver said', async () => {
  const receiver = await startReceiver();
  const endpoint = { name: 'chat', url: receiver.url, secrets: [] };
  try {
    const incident = incidentOf();
    expect(await sendChat(endpoint, incident, 0)).toEqual({ outcome: 'delivered', status: 204 });
    expect(JSON.parse(receiver.received[0]!.body)).toEqual({ text: chatText(incident) });
    receiver.answer = (_, response) => response.writeHead(429, { 'retry-after': '7' }).end();
    expect(await sendChat(endpoint, incident, 0)).toMatchObject({ outcome: 'retry', retryAfterSeconds: 7 });
  } finally {
    await receiver.stop();
  }
  expect(await sendChat(endpoint, incidentOf(), 0)).toMatchObject({ outcome: 'retry', status: 0 });
});
