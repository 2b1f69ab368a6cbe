import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { incidentOf } from '../testing/finding.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import type { Endpoint } from './endpoint.ts';
import { sendWebhook } from './webhook.ts';

const oldSecret = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz';
const newSecret = 'whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=';
const strangerSecret = 'whsec_enp6enp6enp6enp6enp6enp6enp6enp6enp6';

let receiver: Receiver;
let endpoint: Endpoint;
beforeEach(async () => {
  receiver = await startReceiver();
  endpoint = { name: 'tickets', url: receiver.url, secrets: [newSecret, oldSecret] };
});
afterEach(() => receiver.stop());

const send = (changes: Partial<Endpoint> = {}) => sendWebhook({ ...endpoint, ...changes }, incidentOf(), Date.now());

describe('sendWebhook', () => {
  it('is verified by an independent implementation, with the old and with the new secret', async () => {
    expect(await send()).toEqual({ outcome: 'delivered', status: 204 });
    const { headers, body } = receiver.received[0]!;
    for (const secret of [oldSecret, newSecret]) {
      const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(verified).toMatchObject({ type: 'incident.opened', data: { incident_key: 'gap-msc1', sequence: 1 } });
    }
    expect(() => new Webhook(strangerSecret).verify(body, headers as Record<string, string>)).toThrow();
    expect(() => new Webhook(newSecret).verify(`${body} `, headers as Record<string, string>)).toThrow();
    expect(headers['webhook-id']).toBe(`${incidentOf().incident_id}_1`);
  });

  it('keeps the id and the body and renews the timestamp with each attempt', async () => {
    await sendWebhook(endpoint, incidentOf(), 1_700_000_000_000);
    await sendWebhook(endpoint, incidentOf(), 1_700_000_300_999);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect([first?.headers['webhook-timestamp'], second?.headers['webhook-timestamp']]).toEqual(['1700000000', '1700000300']);
  });

  it('sends characters beyond ASCII whole', async () => {
    await sendWebhook(endpoint, incidentOf({ title: 'Ausfälle 🇩🇪 \u2028' }), Date.now());
    const { headers, body } = receiver.received[0]!;
    expect(new Webhook(newSecret).verify(body, headers as Record<string, string>)).toMatchObject({ data: { title: 'Ausfälle 🇩🇪 \u2028' } });
  });

  it('adds the headers of the endpoint', async () => {
    await send({ headers: { authorization: 'Bearer t' } });
    expect(receiver.received[0]?.headers.authorization).toBe('Bearer t');
  });

  it('does not follow a redirect', async () => {
    receiver.answer = (_, response) => response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end();
    expect((await send()).outcome).toBe('refused');
    expect(receiver.received).toHaveLength(1);
  });

  it('hands Retry-After on', async () => {
    receiver.answer = (_, response) => response.writeHead(503, { 'retry-after': '30' }).end();
    expect(await send()).toEqual({ outcome: 'retry', status: 503, error: 'answered 503', retryAfterSeconds: 30 });
  });

  it('gives up waiting at the deadline', async () => {
    receiver.answer = () => undefined;
    expect(await send({ timeoutSeconds: 0.1 })).toEqual({ outcome: 'retry', status: 0, error: 'no answer within 100 ms' });
  });

  it('gives up on headers that trickle in', async () => {
    let timer: NodeJS.Timeout | undefined;
    receiver.answer = (_, response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      timer = setInterval(() => response.socket?.write('x-a: b\r\n'), 10);
    };
    expect(await send({ timeoutSeconds: 0.2 })).toMatchObject({ outcome: 'retry', status: 0 });
    clearInterval(timer);
  });

  it('does not read an answer that never ends', async () => {
    const ended = new Promise<void>((resolve) => {
      receiver.answer = (_, response) => {
        response.writeHead(200);
        const chunk = Buffer.alloc(65_536, 'x');
        const pump = (): void => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', pump).on('close', resolve);
        pump();
      };
    });
    expect(await send()).toEqual({ outcome: 'delivered', status: 200 });
    await ended;
  });

  it('takes headers that are too long for a failure of the network', async () => {
    receiver.answer = (_, response) => response.writeHead(200, { 'x-long': 'y'.repeat(60_000) }).end();
    expect(await send()).toMatchObject({ outcome: 'retry', status: 0, error: 'HPE_HEADER_OVERFLOW' });
  });

  it('says nothing of the address when nobody is there', async () => {
    await receiver.stop();
    const answer = await send({ url: `${receiver.url}?token=abc` });
    expect(answer).toEqual({ outcome: 'retry', status: 0, error: 'ECONNREFUSED' });
    receiver = await startReceiver();
  });

  it('takes an answer that is not HTTP for a failure', async () => {
    receiver.answer = (_, response) => response.socket?.end('220 mail.example ESMTP\r\n');
    expect(await send()).toMatchObject({ outcome: 'retry', status: 0 });
  });
});
