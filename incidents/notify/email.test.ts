/** E-mail against a real server of SMTP, with encryption and login. */
import fc from 'fast-check';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { incidentOf } from '../testing/finding.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { lifeOf } from '../testing/targets.ts';
import { anyText, strangeTexts } from '../testing/texts.ts';
import { type EmailSettings, emailLimits, emailOf, judgeMail, sendEmail, tryEmail } from './email.ts';
import { defaultTexts as texts } from './template.ts';

let server: MailServer | undefined;
afterEach(() => server?.stop());

async function start(options: SMTPServerOptions = {}): Promise<MailServer> {
  server = await startMailServer(options);
  return server;
}

const life = lifeOf();
const headerOf = (raw: string, name: string): string =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(raw.split('\r\n\r\n', 1)[0] ?? '')?.[1]?.replaceAll(/\r\n[ \t]/g, ' ') ?? '';

describe('sending', () => {
  it('encrypts, logs in, and keeps the messages of an incident in one thread', async () => {
    const { mails, settings } = await start();
    for (const incident of [life.opened, life.opened, life.resolved])
      expect(await sendEmail(settings, incident)).toEqual({ outcome: 'delivered', status: 250 });
    expect(mails[0]).toMatchObject({ secure: true, user: 'weir', to: ['noc@operator.example', 'ra@operator.example'] });
    const ids = mails.map(({ raw }) => headerOf(raw, 'Message-ID'));
    expect(ids[0]).toBe(`<${life.opened.incident_id}_1@operator.example>`);
    // A repetition is known by its id.
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).toBe(`<${life.opened.incident_id}_5@operator.example>`);
    for (const { raw } of mails) {
      expect(headerOf(raw, 'References')).toBe(`<${life.opened.incident_id}@operator.example>`);
      expect(headerOf(raw, 'Auto-Submitted')).toBe('auto-generated');
    }
    expect(headerOf(mails[0]!.raw, 'Subject')).toBe('[minor] opened: Files are missing from msc1');
    expect(mails[0]!.raw).toContain('Files 42 and 43 of msc1 have not come.');
  });

  it('lets no text of an incident make a header, a recipient or a second message', async () => {
    const { mails, settings } = await start();
    const bad = strangeTexts['headers of mail']!;
    const incident = {
      ...incidentOf(),
      title: bad,
      summary: `${bad}\r\n.\r\nMAIL FROM:<x@example.org>\r\n.`,
      incident_id: `inc\r\nBcc: a@b>`,
    };
    expect((await sendEmail(settings, incident)).outcome).toBe('delivered');
    expect(mails).toHaveLength(1);
    expect(mails[0]!.to).toEqual(['noc@operator.example', 'ra@operator.example']);
    expect(headerOf(mails[0]!.raw, 'Bcc')).toBe('');
    expect(headerOf(mails[0]!.raw, 'Subject')).toContain('x Bcc: everyone@example.org body');
  });

  it('says so when it cannot encrypt, cannot trust, or may not log in; and tries again', async () => {
    const { settings } = await start();
    expect(await sendEmail({ ...settings, ca: '' }, life.opened)).toMatchObject({ outcome: 'retry', status: 0 });
    const wrong = await sendEmail({ ...settings, password: 'wr0ng-secret' }, life.opened);
    expect(wrong).toMatchObject({ outcome: 'retry', status: 535 });
    expect(JSON.stringify(wrong)).not.toContain('wr0ng');
    await expect(tryEmail({ ...settings, password: 'wr0ng-secret' })).rejects.toMatchObject({ responseCode: 535 });
    await expect(tryEmail(settings)).resolves.toBeUndefined();
  });

  it('never sends where encryption is asked for and not offered', async () => {
    const { mails, settings } = await start({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await sendEmail(settings, life.opened)).toMatchObject({ outcome: 'retry' });
    expect(mails).toEqual([]);
  });

  it.each([
    [451, 'retry'],
    [550, 'refused'],
  ])('takes %i of the server for %s', async (responseCode, outcome) => {
    const { settings } = await start({ onMailFrom: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode })) });
    expect(await sendEmail(settings, life.opened)).toMatchObject({ outcome, status: responseCode });
  });

  it('names how many recipients were refused where others were not', async () => {
    const { mails, settings } = await start({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('ra@') ? done(Object.assign(new Error('unknown'), { responseCode: 550 })) : done(),
    });
    expect(await sendEmail(settings, life.opened)).toEqual({ outcome: 'delivered', status: 250, note: '1 of 2 recipients refused' });
    expect(mails[0]?.to).toEqual(['noc@operator.example']);
  });

  it('gives up waiting at the deadline', async () => {
    const { settings } = await start({ onConnect: () => undefined });
    expect(await sendEmail({ ...settings, timeoutMs: 200 }, life.opened)).toMatchObject({ outcome: 'retry', status: 0 });
  });

  it('tries again when nobody is there', async () => {
    const { settings } = await start();
    await server!.stop();
    server = undefined;
    expect(await sendEmail(settings, life.opened)).toMatchObject({ outcome: 'retry', status: 0 });
  });
});

describe('a message', () => {
  const settings = { from: 'Weir <weir@operator.example>', to: ['a@b.example'], texts } as unknown as EmailSettings;

  it('keeps its limits, on one line where it must, and nothing in it is HTML', () => {
    fc.assert(
      fc.property(anyText, anyText, (title, summary) => {
        const email = emailOf(settings, { ...incidentOf(), title, summary });
        expect(email.subject).not.toMatch(/^$|[\r\n]/);
        expect(email.subject.length).toBeLessThanOrEqual(emailLimits.subject);
        expect(email.text.length).toBeLessThanOrEqual(emailLimits.text);
        expect(email.html.replaceAll(/<\/?(!doctype|meta|h3|div|p|a)[^<>]*>/g, '')).not.toMatch(/[<>]/);
        expect(email.messageId).toMatch(/^<[\w.-]+@operator\.example>$/);
      }),
      { numRuns: 60 },
    );
  });
});

it('judges replies as RFC 5321 means them', () => {
  expect(judgeMail({ responseCode: 550, command: 'RCPT TO' })).toEqual({
    outcome: 'refused',
    status: 550,
    error: 'answered 550 to RCPT TO',
  });
  expect(judgeMail({ responseCode: 421 }).outcome).toBe('retry');
  expect(judgeMail({ code: 'EAUTH', responseCode: 535 }).outcome).toBe('retry');
  expect(judgeMail({ code: 'EENVELOPE' }).outcome).toBe('refused');
  expect(judgeMail({ code: 'ECONNREFUSED' })).toEqual({ outcome: 'retry', status: 0, error: 'ECONNREFUSED' });
});
