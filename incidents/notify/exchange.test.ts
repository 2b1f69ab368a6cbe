import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { exchange } from './exchange.ts';
import { askRequest, below, jsonRequest, loginHeader } from './request.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

const ask = (readBytes: number, timeoutMs = 5_000) => exchange(askRequest(receiver.url, { kind: 'none' }), { timeoutMs, readBytes });

describe('exchange', () => {
  it('reads the beginning of an answer and no more', async () => {
    receiver.answer = (_, response) => response.writeHead(200, { location: '/x' }).end('ä'.repeat(50_000));
    expect(await ask(10)).toMatchObject({ status: 200, error: '', body: 'äääää', headers: { location: '/x' } });
    expect((await ask(0)).body).toBe('');
  });

  it('does not wait for the end of an answer beyond its deadline', async () => {
    receiver.answer = (_, response) => void response.writeHead(200).write('begun');
    const reply = await ask(100, 200);
    expect(reply.status === 0 || reply.body === 'begun').toBe(true);
  });

  it('follows no redirect', async () => {
    receiver.answer = (_, response) => response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end();
    const before = receiver.received.length;
    expect((await ask(100)).status).toBe(302);
    expect(receiver.received).toHaveLength(before + 1);
  });

  it('never throws, and names no secret', async () => {
    const token = 'secret\n\u{1f600}';
    const wrong = jsonRequest('POST', receiver.url, { kind: 'token', scheme: 'Bearer', token }, {});
    const reply = await exchange(wrong, { timeoutMs: 1_000 });
    expect(reply).toMatchObject({ status: 0, error: 'ERR_INVALID_CHAR' });
    expect(JSON.stringify(await exchange({ ...wrong, url: 'no address secret' }, { timeoutMs: 1_000 }))).not.toContain('secret');
  });
});

it('requests are what the examples say', () => {
  expect(loginHeader({ kind: 'token', scheme: 'Bearer', token: 't' })).toEqual({ authorization: 'Bearer t' });
  expect(below('https://a.example/api/', 'tickets', 'A/1')).toBe('https://a.example/api/tickets/A%2F1');
});
