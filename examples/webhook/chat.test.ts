import { expect, it } from 'vitest';
import { defaultTexts } from '../../incidents/notify/template.ts';
import { incidentOf } from '../../incidents/testing/finding.ts';
import { startReceiver } from '../../incidents/testing/receiver.ts';
import { testTools } from '../../incidents/testing/targets.ts';
import { strangeTexts } from '../../incidents/testing/texts.ts';
import { chatRequest, chatTarget } from './chat.ts';

it('sends one line, and answers what the receiver said', async () => {
  const receiver = await startReceiver();
  const settings = { name: 'chat', url: receiver.url, texts: defaultTexts };
  try {
    expect(await chatTarget(settings).deliver(incidentOf(), testTools())).toEqual({ outcome: 'delivered', status: 204 });
    expect(JSON.parse(receiver.received[0]!.body)).toEqual({ text: '[minor] opened: Files are missing from msc1' });
    receiver.answer = (_, response) => response.writeHead(429, { 'retry-after': '7' }).end();
    expect(await chatTarget(settings).deliver(incidentOf(), testTools())).toMatchObject({ outcome: 'retry', retryAfterSeconds: 7 });
  } finally {
    await receiver.stop();
  }
  expect(await chatTarget(settings).deliver(incidentOf(), testTools())).toMatchObject({ outcome: 'retry', status: 0 });
});

it('keeps the limit whatever an incident says', () => {
  for (const title of Object.values(strangeTexts)) {
    const { body } = chatRequest({ name: 'chat', url: 'https://chat.example/', texts: defaultTexts }, { ...incidentOf(), title });
    expect((JSON.parse(body) as { text: string }).text.length).toBeLessThanOrEqual(500);
  }
});
